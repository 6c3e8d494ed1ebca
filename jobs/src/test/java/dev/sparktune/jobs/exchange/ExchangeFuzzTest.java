package dev.sparktune.jobs.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.train.PeerLostException;
import dev.sparktune.train.Slice;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Bytes that nobody meant to send, by strangers at the door and by a worker gone mad. */
class ExchangeFuzzTest {
    private static final byte[] SECRET = "what only the workers know".getBytes(StandardCharsets.US_ASCII);
    private static final String HOST = "127.0.0.1";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LENGTH = 1_001;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Throwable> uncaught = new ConcurrentLinkedQueue<>();
    private Thread.UncaughtExceptionHandler before;

    @BeforeEach
    void hearOfThreadsThatDie() {
        before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> uncaught.add(e));
        Configurator.setLevel(TcpTransport.class.getName(), Level.ERROR); // it warns of each stranger
    }

    @AfterEach
    void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        Configurator.setLevel(TcpTransport.class.getName(), Level.WARN);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void whateverStrangersSendTheRunGoesOn(long seed) throws Exception {
        INDArray zeroes = Nd4j.zeros(DataType.FLOAT, LENGTH);
        INDArray ones = Nd4j.zeros(DataType.FLOAT, LENGTH);
        try (TcpExchange zero = TcpExchange.listen(HOST, 0, 2, SECRET, zeroes, zeroes);
                TcpExchange one = TcpExchange.listen(HOST, 1, 2, SECRET, ones, ones)) {
            List<InetSocketAddress> all = List.of(address(zero), address(one));
            Future<?> meeting = threads.submit(() -> zero.connect(all, SOON, SOON));
            one.connect(all, SOON, SOON);
            meeting.get();

            Future<?> strangers = threads.submit(() -> {
                Random random = new Random(seed);
                for (int i = 0; i < 300; i++) {
                    intrude(all.get(random.nextInt(2)), random);
                }
                return null;
            });
            int updates = 0;
            while (!strangers.isDone() || updates < 10) {
                Future<?> other = threads.submit(() -> update(one, ones));
                update(zero, zeroes);
                other.get(20, TimeUnit.SECONDS);
                updates++;
            }

            strangers.get();
            assertThat(zeroes.toFloatVector()).containsOnly(3).isEqualTo(ones.toFloatVector());
        }
        assertThat(uncaught).isEmpty();
    }

    /** The sum of 1 and 2 comes to stand in both vectors. */
    private static void update(TcpExchange exchange, INDArray vector) {
        vector.assign(exchange.rank() + 1);
        exchange.share();
        exchange.push(0, LENGTH);
        exchange.sum();
        exchange.pull();
        exchange.share();
    }

    /** Noise, at times behind what a worker's first message begins with; at times the line is cut in the midst of it. */
    private static void intrude(InetSocketAddress door, Random random) throws IOException {
        byte[] noise = new byte[random.nextInt(200)];
        random.nextBytes(noise);
        if (random.nextBoolean() && noise.length >= 12) {
            ByteBuffer.wrap(noise)
                    .putInt(0x5348414b)
                    .putInt(random.nextInt(4) - 1)
                    .putInt(random.nextInt(3) - 1);
        }
        try (Socket socket = new Socket(door.getAddress(), door.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(noise);
            if (random.nextInt(8) == 0) {
                socket.setSoLinger(true, 0); // a reset
            }
        }
    }

    /** What a worker sends is sealed with the right key; each of its headers has up to two fields that are not right. */
    @Test
    void aWorkerGoneMadEndsTheRunAndChangesNothingThatIsNotItsOwn() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            INDArray parameters = Nd4j.zeros(DataType.FLOAT, LENGTH);
            INDArray gradients = Nd4j.zeros(DataType.FLOAT, LENGTH);
            try (TcpExchange exchange = TcpExchange.listen(HOST, 0, 2, SECRET, parameters, gradients)) {
                InetSocketAddress door = address(exchange);
                Future<?> meeting = threads.submit(() -> exchange.connect(List.of(door, door), SOON, SOON));
                try (Socket mad = new Socket(HOST, exchange.port())) {
                    Seal seal = new Seal(Handshake.connecting(mad, SECRET, 1, 0).outgoing());
                    meeting.get();
                    rave(mad.getOutputStream(), seal, random);
                } catch (IOException turnedAwayInTheMidst) {
                    assertThat(turnedAwayInTheMidst).hasMessageMatching("Broken pipe|Connection reset.*");
                }
                assertThatThrownBy(exchange::sum).as("seed " + seed).isInstanceOf(PeerLostException.class);
                Slice own = exchange.slice(LENGTH);
                assertThat(parameters.toFloatVector()).as("seed " + seed).satisfies(values -> {
                    for (long i = own.from(); i < own.to(); i++) {
                        assertThat(values[(int) i]).isZero();
                    }
                });
                assertThat(gradients.toFloatVector()).as("seed " + seed).containsOnly(0);
            }
        }
        assertThat(uncaught).isEmpty();
    }

    private static void rave(OutputStream out, Seal seal, Random random) throws IOException {
        for (int number = 0; number < 5; number++) {
            byte[] payload = new byte[random.nextInt(20) * Float.BYTES];
            random.nextBytes(payload);
            CRC32C crc = new CRC32C();
            crc.update(payload);
            Frame.Kind kind = Frame.Kind.values()[random.nextInt(Frame.Kind.values().length)];
            long from = random.nextInt(4) > 0 ? random.nextInt(LENGTH) : Long.MAX_VALUE - random.nextInt(20);
            Frame frame = new Frame(kind, number, from, payload.length, (int) crc.getValue());
            ByteBuffer header = ByteBuffer.allocate(Frame.HEADER);
            frame.write(header);
            for (int wrong = random.nextInt(3); wrong > 0; wrong--) {
                spoil(header, random);
            }
            header.flip();
            out.write(header.array());
            out.write(seal.of(header));
            out.write(payload);
        }
    }

    private static void spoil(ByteBuffer header, Random random) {
        int field = random.nextInt(Frame.HEADER / Integer.BYTES) * Integer.BYTES;
        int[] values = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, Frame.MAX_PAYLOAD, random.nextInt()};
        header.putInt(field, values[random.nextInt(values.length)]);
    }

    private static InetSocketAddress address(TcpExchange exchange) throws IOException {
        return new InetSocketAddress(HOST, exchange.port());
    }
}
