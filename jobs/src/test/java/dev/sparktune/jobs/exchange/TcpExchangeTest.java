package dev.sparktune.jobs.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.train.PeerLostException;
import dev.sparktune.train.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Real sockets between threads of this JVM. */
class TcpExchangeTest {
    private static final byte[] SECRET = "what only the workers know".getBytes(StandardCharsets.US_ASCII);
    private static final String HOST = "127.0.0.1";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<TcpExchange> exchanges = new ArrayList<>();
    private final List<INDArray> parameters = new ArrayList<>();
    private final List<INDArray> gradients = new ArrayList<>();

    @AfterEach
    void close() {
        exchanges.forEach(TcpExchange::close);
        threads.shutdownNow();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void everyUpdateSumsInTheOrderOfTheRanksAndHandsOutTheSlices(int workers) throws Exception {
        int length = 1_000_003; // slices of several frames, and of different lengths
        meet(workers, length);
        List<Future<?>> runs = new ArrayList<>();
        for (TcpExchange exchange : exchanges) {
            runs.add(threads.submit(() -> {
                for (int update = 0; update < 4; update++) {
                    update(exchange, update, length);
                }
            }));
        }
        for (Future<?> run : runs) {
            run.get(60, TimeUnit.SECONDS);
        }

        float[] sum = gradient(0, 3, length);
        for (int r = 1; r < workers; r++) {
            float[] part = gradient(r, 3, length);
            for (int i = 0; i < length; i++) {
                sum[i] += part[i];
            }
        }
        for (INDArray replica : parameters) {
            assertThat(replica.toFloatVector()).isEqualTo(sum);
        }
    }

    /** The parameters become the sums of the update's gradients, each slice set by its server. */
    private void update(TcpExchange exchange, int update, int length) {
        int rank = exchange.rank();
        gradients.get(rank).assign(Nd4j.createFromArray(gradient(rank, update, length)));
        exchange.push(length / 2, length);
        exchange.push(0, length / 2);
        exchange.sum();
        double[][] records = exchange.share(rank, update);
        for (int r = 0; r < exchange.workers(); r++) {
            assertThat(records[r]).containsExactly(r, update);
        }
        Slice own = exchange.slice(length);
        for (long i = own.from(); i < own.to(); i++) {
            parameters.get(rank).putScalar(i, gradients.get(rank).getFloat(i));
        }
        exchange.pull();
    }

    private static float[] gradient(int rank, int update, int length) {
        Random random = new Random(31L * rank + update);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }

    @Test
    void aWorkerThatDiesIsMissedAtOnce() throws Exception {
        meet(3, 100);
        exchanges.get(1).close();

        assertThatThrownBy(() -> exchanges.get(0).share(1))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("worker 0 lost worker 1 (/127.0.0.1:")
                .hasMessageContaining("it closed the connection");
        assertThatThrownBy(() -> exchanges.get(2).sum()).isInstanceOf(PeerLostException.class);
    }

    @Test
    void aWorkerThatFallsSilentIsMissed() throws Exception {
        TcpExchange exchange = listen(0, 2, SECRET, 100);
        List<InetSocketAddress> all = List.of(address(exchange), address(exchange));
        Future<?> meeting = threads.submit(() -> exchange.connect(all, SOON, Duration.ofSeconds(1)));
        try (Socket silent = new Socket(HOST, exchange.port())) {
            Handshake.connecting(silent, SECRET, 1, 0);
            meeting.get();

            assertThatThrownBy(() -> exchange.share(1))
                    .isInstanceOf(PeerLostException.class)
                    .hasMessageEndingWith("nothing was heard of it for 1 s");
        }
    }

    @Test
    void aWorkerThatIsOnlySlowIsAwaited() throws Exception {
        TcpExchange zero = listen(0, 2, SECRET, 100);
        TcpExchange one = listen(1, 2, SECRET, 100);
        List<InetSocketAddress> all = List.of(address(zero), address(one));
        Duration silence = Duration.ofSeconds(2); // less than the other takes
        Future<?> meeting = threads.submit(() -> zero.connect(all, SOON, silence));
        one.connect(all, SOON, silence);
        meeting.get();
        Future<double[][]> slow = threads.submit(() -> {
            Thread.sleep(3_000);
            return one.share(2);
        });

        assertThat(zero.share(1)).isDeepEqualTo(new double[][] {{1}, {2}});
        slow.get();
    }

    @Test
    void whatAWorkerSaidBeforeItLeftIsHeard() throws Exception {
        meet(2, 100);
        Future<double[][]> last = threads.submit(() -> exchanges.get(1).share(7));
        assertThat(exchanges.get(0).share(6)).isDeepEqualTo(new double[][] {{6}, {7}});
        exchanges.get(0).close();
        assertThat(last.get(10, TimeUnit.SECONDS)).isDeepEqualTo(new double[][] {{6}, {7}});
    }

    @Test
    void aWorkerThatNeverComesIsNamedInTime() throws IOException {
        TcpExchange exchange = listen(0, 2, SECRET, 10);
        assertThatThrownBy(() ->
                        exchange.connect(List.of(address(exchange), address(exchange)), Duration.ofMillis(200), SOON))
                .isInstanceOf(PeerLostException.class)
                .hasMessage("only 0 of the 1 other workers met this one within 0 s");
    }

    @Test
    void whoDoesNotKnowTheSecretIsTurnedAwayAndTheRunGoesOn() throws Exception {
        TcpExchange zero = listen(0, 2, SECRET, 100);
        TcpExchange one = listen(1, 2, SECRET, 100);
        TcpExchange stranger = listen(1, 2, "guessed".getBytes(StandardCharsets.US_ASCII), 100);
        List<InetSocketAddress> all = List.of(address(zero), address(one));
        Future<?> meeting = threads.submit(() -> zero.connect(all, SOON, SOON));

        assertThatThrownBy(() -> stranger.connect(all, SOON, SOON)).isInstanceOf(PeerLostException.class);
        try (Socket garbage = new Socket(HOST, zero.port())) {
            garbage.getOutputStream().write(new byte[4096]);
            InputStream in = garbage.getInputStream();
            assertThat(in.read()).isNegative();
        } catch (IOException reset) {
            assertThat(reset).hasMessageContaining("reset");
        }
        one.connect(all, SOON, SOON);
        meeting.get();
        Future<double[][]> other = threads.submit(() -> one.share(2));
        assertThat(zero.share(1)).isDeepEqualTo(new double[][] {{1}, {2}});
        assertThat(other.get()).isDeepEqualTo(new double[][] {{1}, {2}});
    }

    @Test
    void moreWorkersThanParametersAreRefused() {
        assertThatThrownBy(() -> listen(0, 3, SECRET, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 workers cannot serve a slice each of 2 parameters");
    }

    @Test
    void nobodyWritesIntoTheVectorsOnceAnInterruptedWorkerHasClosed() throws Exception {
        meet(2, 10);
        String[] own = {"exchange from worker 1", "exchange to worker 1"};
        assertThat(threadNames()).contains(own);
        Thread.currentThread().interrupt();
        exchanges.get(0).close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(threadNames()).doesNotContain(own);
    }

    private static List<String> threadNames() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName).toList();
    }

    @Test
    void anAddressThatIsNotThisHostsIsNamed() {
        INDArray vector = Nd4j.zeros(DataType.FLOAT, 10);
        assertThatThrownBy(() -> TcpExchange.listen("192.0.2.1", 0, 2, SECRET, vector, vector))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("the exchange cannot listen on '192.0.2.1', the address of this executor: ");
    }

    private void meet(int workers, int length) throws Exception {
        for (int r = 0; r < workers; r++) {
            listen(r, workers, SECRET, length);
        }
        List<InetSocketAddress> all = new ArrayList<>();
        for (TcpExchange exchange : exchanges) {
            all.add(address(exchange));
        }
        List<Future<?>> meetings = new ArrayList<>();
        for (TcpExchange exchange : exchanges) {
            meetings.add(threads.submit(() -> exchange.connect(all, SOON, SOON)));
        }
        for (Future<?> meeting : meetings) {
            try {
                meeting.get();
            } catch (ExecutionException e) {
                throw new AssertionError(Arrays.toString(e.getStackTrace()), e.getCause());
            }
        }
    }

    private TcpExchange listen(int rank, int workers, byte[] secret, int length) throws IOException {
        INDArray ownParameters = Nd4j.zeros(DataType.FLOAT, length);
        INDArray ownGradients = Nd4j.zeros(DataType.FLOAT, length);
        TcpExchange exchange = TcpExchange.listen(HOST, rank, workers, secret, ownParameters, ownGradients);
        parameters.add(ownParameters);
        gradients.add(ownGradients);
        exchanges.add(exchange);
        return exchange;
    }

    private static InetSocketAddress address(TcpExchange exchange) throws IOException {
        return new InetSocketAddress(HOST, exchange.port());
    }
}
