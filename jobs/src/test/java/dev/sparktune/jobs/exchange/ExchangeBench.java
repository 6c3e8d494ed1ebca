package dev.sparktune.jobs.exchange;

import dev.sparktune.model.kernel.Views;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How long two JVMs on this machine take to sum a vector and have the sum in both, over 127.0.0.1: the exchange's part of an
 * update. Run by {@code scripts/bench/exchange}, with the number of floats as argument. On stdout the median in milliseconds, and
 * what moving the bytes alone would take at the rate at which both JVMs copy memory at once.
 */
final class ExchangeBench {
    private static final String HOST = "127.0.0.1";
    private static final byte[] SECRET = "of no worth".getBytes(StandardCharsets.US_ASCII);
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Until the loops are compiled. */
    private static final int WARM_UP = 15;

    private static final int MEASURED = 15;

    /**
     * What a worker must move in memory, in copies of the vector. Both halves go into the kernel and both come out of it: two
     * copies. The sum of one's own half reads two and writes one, which is one and a half of the copies of a half.
     */
    private static final double COPIES = 2.75;

    private ExchangeBench() {}

    /** {@code FLOATS}, and in the JVM that this one starts also the port of this one. */
    public static void main(String[] arguments) throws Exception {
        int floats = Integer.parseInt(arguments[0]);
        int rank = arguments.length - 1;
        INDArray vector = Nd4j.zeros(DataType.FLOAT, floats);
        Process other = null;
        // Sums replace the gradients: what is sent of the vector has arrived before its sum comes back.
        try (TcpExchange exchange = TcpExchange.listen(HOST, rank, 2, SECRET, vector, vector)) {
            InetSocketAddress own = new InetSocketAddress(HOST, exchange.port());
            if (rank == 0) {
                other = otherJvm(arguments[0], exchange.port());
                exchange.connect(List.of(own, own), SOON, SOON);
            } else {
                exchange.connect(List.of(new InetSocketAddress(HOST, Integer.parseInt(arguments[1])), own), SOON, SOON);
            }
            double millis = median(exchange, vector);
            double bound = COPIES * millisPerCopy(exchange, vector);
            if (rank == 0) {
                System.out.printf(Locale.ROOT, "%.1f %.1f%n", millis, bound);
            }
        } finally {
            if (other != null && other.waitFor() != 0) {
                throw new IllegalStateException("the other JVM ended with " + other.exitValue());
            }
        }
    }

    private static Process otherJvm(String floats, int port) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ExchangeBench.class.getName()));
        command.addAll(List.of(floats, Integer.toString(port)));
        return new ProcessBuilder(command).inheritIO().start();
    }

    private static double median(TcpExchange exchange, INDArray vector) {
        double[] millis = new double[MEASURED];
        for (int i = -WARM_UP; i < MEASURED; i++) {
            vector.assign(exchange.rank() + 1);
            exchange.share(); // a barrier
            long start = System.nanoTime();
            exchange.push(0, vector.length());
            exchange.sum();
            exchange.pull();
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            exchange.share(); // the other has this one's half too, which the next round overwrites
            if (vector.minNumber().floatValue() != 3 || vector.maxNumber().floatValue() != 3) {
                throw new IllegalStateException("1 + 2 is not 3 everywhere");
            }
        }
        return median(millis);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        return values[values.length / 2];
    }

    private static double millisPerCopy(TcpExchange exchange, INDArray vector) {
        INDArray to = vector.dup();
        double[] millis = new double[MEASURED];
        for (int i = 0; i < MEASURED; i++) {
            exchange.share();
            long start = System.nanoTime();
            Views.bytes(to, 0, to.length()).put(Views.bytes(vector, 0, vector.length()));
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        return median(millis);
    }
}
