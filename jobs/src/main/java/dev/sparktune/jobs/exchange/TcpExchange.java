package dev.sparktune.jobs.exchange;

import dev.sparktune.model.kernel.Views;
import dev.sparktune.train.Exchange;
import dev.sparktune.train.PeerLostException;
import dev.sparktune.train.Slice;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An {@link Exchange} between processes. What arrives is written by the receiving threads straight to where it is used: the
 * slices of the gradient into one buffer for each other worker, the slices of the parameters into the parameters.
 *
 * <p>No buffer is needed between two updates. A worker begins to push the next update's gradient when it has everyone's
 * parameters; I send mine when I have summed the last update's gradients, so the buffers are free by then. It sends new
 * parameters when it has everyone's record; I send mine after my backward pass, so nobody reads the old ones by then. And what I
 * queued of my gradient has left before I overwrite it, since I have everyone's parameters first.
 */
public final class TcpExchange implements Exchange {
    /** How long another worker may take for its part of an update or an evaluation. */
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    /** Nanoseconds between looks whether the others still live, while waiting. */
    private static final long BETWEEN_LOOKS = 500_000_000;

    private final int rank;
    private final int workers;
    private final INDArray parameters;
    private final INDArray gradients;
    private final Slice own;
    private final TcpTransport transport;

    /** {@code [workers]}: each one's part of the gradient of this worker's slice; null at the own rank. */
    private final INDArray[] pushed;

    /** {@code [workers]}: elements that have arrived in this update. Guarded by this. */
    private final long[] pushedElements;

    private final long[] pulledElements;
    private final List<Queue<double[]>> records = new ArrayList<>();

    private TcpExchange(String host, int rank, int workers, byte[] secret, INDArray parameters, INDArray gradients)
            throws IOException {
        this.rank = rank;
        this.workers = workers;
        this.parameters = parameters;
        this.gradients = gradients;
        this.own = slice(parameters.length());
        this.pushed = new INDArray[workers];
        this.pushedElements = new long[workers];
        this.pulledElements = new long[workers];
        for (int r = 0; r < workers; r++) {
            records.add(new ArrayDeque<>());
            if (r != rank) {
                pushed[r] = Nd4j.createUninitialized(parameters.dataType(), own.length());
            }
        }
        transport = TcpTransport.listen(host, rank, workers, secret, new Memory());
        transport.addRequestConsumer(SliceMessage.class, this::arrived);
        transport.addRequestConsumer(RecordMessage.class, this::arrived);
        transport.onFailure(this::wakeUp);
    }

    /**
     * Opens this worker's port; it can take part when it has {@link #connect}ed.
     *
     * @param host this machine's address as the other workers know it
     * @param secret that only the workers of this run know
     * @param parameters flat {@code [P]} of a decoder, in host memory
     * @param gradients flat {@code [P]} of the same decoder
     */
    public static TcpExchange listen(
            String host, int rank, int workers, byte[] secret, INDArray parameters, INDArray gradients)
            throws IOException {
        if (parameters.length() < workers) {
            throw new IllegalArgumentException(
                    workers + " workers cannot serve a slice each of " + parameters.length() + " parameters");
        }
        return new TcpExchange(host, rank, workers, secret, parameters, gradients);
    }

    /** The port that the others connect to, on the host that was given. */
    public int port() throws IOException {
        return transport.address().getPort();
    }

    /**
     * Meets all the others.
     *
     * @param addresses of the workers, in the order of their ranks
     * @param silence after which a worker counts as lost, when one waits for it
     */
    public void connect(List<InetSocketAddress> addresses, Duration timeout, Duration silence) {
        transport.connect(addresses, timeout, silence);
    }

    /** Where slices come from and go to. */
    private final class Memory implements VectorMemory {
        @Override
        public int width() {
            return parameters.dataType().width();
        }

        @Override
        public ByteBuffer outgoing(SliceMessage slice) {
            INDArray vector = slice.vector() == SliceMessage.Vector.GRADIENT ? gradients : parameters;
            return Views.bytes(vector, slice.from(), slice.length());
        }

        @Override
        public ByteBuffer incoming(SliceMessage slice, int sender) throws ProtocolException {
            boolean gradient = slice.vector() == SliceMessage.Vector.GRADIENT;
            Slice allowed = gradient ? own : Slice.of(parameters.length(), sender, workers);
            if (slice.from() < allowed.from() || slice.from() > allowed.to() - slice.length()) { // a sum could overflow
                throw new ProtocolException("worker " + sender + " may send " + allowed + ", but sends " + slice);
            }
            return gradient
                    ? Views.bytes(pushed[sender], slice.from() - own.from(), slice.length())
                    : Views.bytes(parameters, slice.from(), slice.length());
        }
    }

    private synchronized void arrived(SliceMessage slice) {
        int sender = rank(slice.getOriginatorId());
        boolean gradient = slice.vector() == SliceMessage.Vector.GRADIENT;
        long[] elements = gradient ? pushedElements : pulledElements;
        Slice whole = gradient ? own : Slice.of(parameters.length(), sender, workers);
        elements[sender] += slice.length();
        if (elements[sender] > whole.length()) { // else it would be waited for without end
            throw new IllegalStateException(
                    slice.getOriginatorId() + " sent more than " + whole + " in an update: " + slice);
        }
        notifyAll();
    }

    private synchronized void arrived(RecordMessage record) {
        Queue<double[]> queue = records.get(rank(record.getOriginatorId()));
        if (queue.size() > 1) {
            throw new IllegalStateException(record.getOriginatorId() + " is more than one record ahead");
        }
        queue.add(record.numbers());
        notifyAll();
    }

    private int rank(String nodeId) {
        for (int r = 0; r < workers; r++) {
            if (TcpTransport.nodeId(r).equals(nodeId)) {
                return r;
            }
        }
        throw new IllegalStateException("no worker is " + nodeId);
    }

    private synchronized void wakeUp() {
        notifyAll();
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int workers() {
        return workers;
    }

    @Override
    public void push(long from, long to) {
        for (int server = 0; server < workers; server++) {
            if (server != rank) {
                Slice part = Slice.of(parameters.length(), server, workers).overlap(from, to);
                send(SliceMessage.Vector.GRADIENT, part, server);
            }
        }
    }

    private void send(SliceMessage.Vector vector, Slice slice, int to) {
        int most = Frame.MAX_PAYLOAD / parameters.dataType().width();
        for (long at = slice.from(); at < slice.to(); at += most) {
            transport.sendMessage(
                    new SliceMessage(vector, at, (int) Math.min(most, slice.to() - at)), TcpTransport.nodeId(to));
        }
    }

    @Override
    public void sum() {
        for (int r = 0; r < workers; r++) {
            int peer = r;
            if (peer != rank) {
                await(peer, "its gradient", () -> pushedElements[peer] == own.length());
            }
        }
        synchronized (this) {
            Arrays.fill(pushedElements, 0);
        }
        INDArray sum = Views.vector(gradients, own.from(), own.length());
        INDArray before = null;
        for (int r = 0; r < rank; r++) { // (0 + 1 + …) + own: the same bits as adding own last
            before = before == null ? pushed[r] : before.addi(pushed[r]);
        }
        if (before != null) {
            sum.addi(before);
        }
        for (int r = rank + 1; r < workers; r++) {
            sum.addi(pushed[r]);
        }
    }

    @Override
    public double[][] share(double... record) {
        for (int r = 0; r < workers; r++) {
            if (r != rank) {
                transport.sendMessage(new RecordMessage(record), TcpTransport.nodeId(r));
            }
        }
        double[][] all = new double[workers][];
        for (int r = 0; r < workers; r++) {
            int peer = r;
            if (peer == rank) {
                all[r] = record;
                continue;
            }
            await(peer, "its record", () -> !records.get(peer).isEmpty());
            synchronized (this) {
                all[r] = records.get(r).remove();
            }
            if (all[r].length != record.length) {
                throw new IllegalStateException("worker " + peer + " shared " + all[r].length + " numbers, worker "
                        + rank + " " + record.length + ": they are not at the same place");
            }
        }
        return all;
    }

    @Override
    public void pull() {
        for (int r = 0; r < workers; r++) {
            if (r != rank) {
                send(SliceMessage.Vector.PARAMETERS, own, r);
            }
        }
        for (int r = 0; r < workers; r++) {
            int peer = r;
            long length = Slice.of(parameters.length(), peer, workers).length();
            if (peer != rank) {
                await(peer, "its parameters", () -> pulledElements[peer] == length);
                synchronized (this) {
                    pulledElements[peer] = 0;
                }
            }
        }
    }

    /** Waits for something that another worker sends; what has come before a failure counts. */
    private synchronized void await(int peer, String what, BooleanSupplier arrived) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!arrived.getAsBoolean()) {
            transport.checkSilence();
            PeerLostException failure = transport.failure();
            if (failure != null) {
                throw new PeerLostException(failure.getMessage(), failure);
            }
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                throw new PeerLostException(
                        "worker " + peer + " did not send " + what + " within " + PATIENCE.toMinutes() + " minutes",
                        null);
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.min(left, BETWEEN_LOOKS));
            } catch (InterruptedException e) {
                throw TcpTransport.interrupted(e);
            }
        }
    }

    @Override
    public void close() {
        transport.shutdown();
        for (INDArray buffer : pushed) {
            if (buffer != null) {
                buffer.close();
            }
        }
    }
}
