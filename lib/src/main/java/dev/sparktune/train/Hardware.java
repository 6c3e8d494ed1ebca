package dev.sparktune.train;

import dev.sparktune.model.kernel.KernelThreads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the last digits of a computation depend on beside its numbers. */
final class Hardware {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Hardware() {}

    /** Of this JVM, such as {@code Intel(R) Xeon(R) Platinum 8370C, AVX-512, 2 threads}. */
    static String describe() {
        return cpu() + ", " + KernelThreads.count() + " threads";
    }

    private static String cpu() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            String model = System.getProperty("os.arch");
            String flags = "";
            for (String line : lines.takeWhile(line -> !line.isBlank()).toList()) { // of the first processor
                int colon = line.indexOf(':');
                if (line.startsWith("model name")) {
                    model = line.substring(colon + 1).strip();
                } else if (line.startsWith("flags")) {
                    flags = line.substring(colon + 1) + " ";
                }
            }
            return model + (flags.contains(" avx512f ") ? ", AVX-512" : flags.contains(" avx2 ") ? ", AVX2" : "");
        } catch (IOException e) {
            return System.getProperty("os.arch"); // no Linux
        }
    }
}
