package dev.sparktune.jobs.exchange;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;

/**
 * The line to one other worker, after the handshake. One thread sends what is queued, another receives; the first failure of
 * either is told once and ends both.
 */
final class Connection {
    /** Hears of a connection, on its threads. */
    interface Listener {
        /** Something arrived whole; a slice's bytes are where they belong. */
        void received(VoidMessage message, int sender);

        /** The line is dead. */
        void failed(int peer, Throwable cause);
    }

    /** Behind it nothing more is sent. */
    private static final VoidMessage END = new RecordMessage(new double[0]);

    private static final long MILLIS_TO_SEND = 2_000;
    private static final long MILLIS_TO_END = 10_000;

    private static final int SIGNS_OF_LIFE = 10;

    private final int peer;
    private final SocketChannel channel;
    private final Seal outgoing;
    private final Seal incoming;
    private final VectorMemory memory;
    private final Listener listener;
    private final BlockingQueue<VoidMessage> queue = new LinkedBlockingQueue<>();
    private final Thread sender;
    private final Thread receiver;
    private final long silence;
    private volatile long heard = System.nanoTime();

    /** @param silence after which the other worker counts as lost: there are {@value #SIGNS_OF_LIFE} signs of life in it */
    Connection(
            SocketChannel channel, Handshake.Agreed agreed, VectorMemory memory, Duration silence, Listener listener) {
        this.peer = agreed.peer();
        this.channel = channel;
        this.outgoing = new Seal(agreed.outgoing());
        this.incoming = new Seal(agreed.incoming());
        this.memory = memory;
        this.silence = silence.toNanos();
        this.listener = listener;
        this.sender = thread("to", this::send);
        this.receiver = thread("from", this::receive);
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Thread thread(String direction, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (Throwable e) { // an Error too: whoever waits for this worker must hear of it
                        listener.failed(peer, e);
                    }
                },
                "exchange " + direction + " worker " + peer);
        thread.setDaemon(true);
        return thread;
    }

    void start() {
        sender.start();
        receiver.start();
    }

    /** Sends it behind what was queued before. A slice's bytes must stay as they are until the receiver has them. */
    void enqueue(VoidMessage message) {
        queue.add(message);
    }

    /** Whether nothing came, not even a sign of life, for as long as that a worker counts as lost: a link may die unheard. */
    boolean isSilent() {
        return System.nanoTime() - heard > silence;
    }

    /** Sends what is queued, where that goes quickly, and ends both threads: then nobody touches the vectors any more. */
    void close() throws IOException {
        queue.add(END);
        join(sender, MILLIS_TO_SEND);
        channel.close();
        join(sender, MILLIS_TO_END);
        join(receiver, MILLIS_TO_END);
    }

    /** Whether interrupted or not: who closes frees the vectors next. */
    private static void join(Thread thread, long millis) {
        boolean interrupted = false;
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        for (long left = millis; left > 0; left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())) {
            try {
                thread.join(left);
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() throws IOException, InterruptedException {
        ByteBuffer header = ByteBuffer.allocateDirect(Frame.SEALED_HEADER);
        for (long number = 0; ; number++) {
            VoidMessage message = queue.poll(silence / SIGNS_OF_LIFE, TimeUnit.NANOSECONDS);
            if (message == END) {
                channel.shutdownOutput();
                return;
            }
            Frame.Kind kind;
            long from = 0;
            ByteBuffer payload;
            if (message == null) {
                kind = Frame.Kind.ALIVE;
                payload = ByteBuffer.allocate(0);
            } else if (message instanceof SliceMessage slice) {
                kind = slice.vector() == SliceMessage.Vector.GRADIENT ? Frame.Kind.GRADIENT : Frame.Kind.PARAMETERS;
                from = slice.from();
                payload = memory.outgoing(slice);
            } else {
                kind = Frame.Kind.RECORD;
                payload = bytes(((RecordMessage) message).numbers());
            }
            Frame frame = new Frame(kind, number, from, payload.remaining(), crc(payload));
            header.clear();
            frame.write(header);
            header.flip();
            byte[] seal = outgoing.of(header);
            header.limit(Frame.SEALED_HEADER).position(Frame.HEADER);
            header.put(seal).flip();
            ByteBuffer[] both = {header, payload};
            while (header.hasRemaining() || payload.hasRemaining()) {
                channel.write(both);
            }
        }
    }

    private void receive() throws IOException {
        ByteBuffer header = ByteBuffer.allocateDirect(Frame.SEALED_HEADER);
        byte[] seal = new byte[Seal.BYTES];
        for (long number = 0; ; number++) {
            header.clear();
            fill(header);
            header.position(Frame.HEADER).get(seal).position(0).limit(Frame.HEADER);
            if (!Seal.equal(seal, incoming.of(header))) {
                throw new ProtocolException("frame " + number + " is not sealed with the connection's key");
            }
            Frame frame = Frame.read(header, number);
            if (frame.kind() == Frame.Kind.ALIVE) {
                fill(ByteBuffer.allocate(frame.bytes()), frame);
            } else if (frame.kind() == Frame.Kind.RECORD) {
                ByteBuffer payload = ByteBuffer.allocate(frame.bytes());
                fill(payload, frame);
                listener.received(new RecordMessage(numbers(payload)), peer);
            } else {
                SliceMessage slice = slice(frame);
                fill(memory.incoming(slice, peer), frame);
                listener.received(slice, peer);
            }
        }
    }

    private SliceMessage slice(Frame frame) throws ProtocolException {
        if (frame.bytes() % memory.width() != 0) {
            throw new ProtocolException(frame.bytes() + " bytes of elements of " + memory.width());
        }
        SliceMessage.Vector vector =
                frame.kind() == Frame.Kind.GRADIENT ? SliceMessage.Vector.GRADIENT : SliceMessage.Vector.PARAMETERS;
        return new SliceMessage(vector, frame.from(), frame.bytes() / memory.width());
    }

    private void fill(ByteBuffer payload, Frame frame) throws IOException {
        fill(payload);
        payload.flip();
        if (crc(payload) != frame.crc32c()) {
            throw new ProtocolException("the checksum of frame " + frame.number() + " does not match");
        }
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("it closed the connection");
            }
            heard = System.nanoTime();
        }
    }

    private static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    private static ByteBuffer bytes(double[] numbers) {
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asDoubleBuffer().put(numbers);
        return bytes;
    }

    private static double[] numbers(ByteBuffer bytes) throws ProtocolException {
        if (bytes.remaining() % Double.BYTES != 0) {
            throw new ProtocolException("a record of " + bytes.remaining() + " bytes");
        }
        double[] numbers = new double[bytes.remaining() / Double.BYTES];
        bytes.order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer().get(numbers);
        return numbers;
    }
}
