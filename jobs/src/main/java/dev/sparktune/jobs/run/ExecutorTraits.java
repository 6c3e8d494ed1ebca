package dev.sparktune.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;

/**
 * What executors that compute together must have in common, as one of them has it.
 *
 * @param host where it runs, and which executor it is: {@code 10.0.0.5 (executor 1)}
 * @param cpu the widest vector instructions: {@code AVX-512}, {@code AVX2} or {@code neither AVX2 nor AVX-512}
 * @param traits versions, flags and cores by the names that users know, such as {@code -Ddev.sparktune.threads} to {@code 4};
 *     what is unset is left out
 */
public record ExecutorTraits(String host, String cpu, SortedMap<String, String> traits) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** Of the executor that runs this task. */
    public static ExecutorTraits here() {
        BlockManagerId executor = SparkEnv.get().blockManager().blockManagerId();
        SparkConf conf = SparkEnv.get().conf();
        SortedMap<String, String> traits = new TreeMap<>();
        traits.put("sparktune", JobMain.version());
        traits.put("Java", System.getProperty("java.version"));
        for (String key : List.of(ExecutorFlags.CORES, ExecutorFlags.TASK_CPUS)) {
            if (conf.contains(key)) {
                traits.put(key, conf.get(key));
            }
        }
        for (String property : ExecutorFlags.NEEDED) {
            if (System.getProperty(property) != null) {
                traits.put("-D" + property, System.getProperty(property));
            }
        }
        if (System.getenv("OMP_NUM_THREADS") != null) {
            traits.put("OMP_NUM_THREADS", System.getenv("OMP_NUM_THREADS"));
        }
        return new ExecutorTraits(
                executor.host() + " (executor " + executor.executorId() + ")", vectorInstructions(), traits);
    }

    /** One line, for {@link #fromJson}. */
    public String toJson() {
        return Json.compact(this);
    }

    /** @throws IllegalArgumentException for text that {@link #toJson} did not write */
    public static ExecutorTraits fromJson(String json) {
        return Json.read(json, ExecutorTraits.class);
    }

    /**
     * That it has what no executor computes without.
     *
     * @return this
     * @throws JobFailure naming the host and the flag
     */
    public ExecutorTraits requireFlags() {
        for (String property : ExecutorFlags.NEEDED) {
            if (!traits.containsKey("-D" + property)) {
                throw new JobFailure(host + " runs without -D" + property + ", which the job adds to "
                        + ExecutorFlags.OPTIONS + " before it starts its executors");
            }
        }
        return this;
    }

    /** @throws JobFailure naming two hosts, a trait and its two values, where executors differ */
    public static void requireAlike(List<ExecutorTraits> executors) {
        ExecutorTraits first = executors.get(0);
        for (ExecutorTraits other : executors) {
            TreeSet<String> names = new TreeSet<>(first.traits.keySet());
            names.addAll(other.traits.keySet());
            for (String name : names) {
                if (!Objects.equals(first.traits.get(name), other.traits.get(name))) {
                    throw new JobFailure(
                            "executors differ in " + name + ": " + first.has(name) + ", " + other.has(name));
                }
            }
        }
    }

    /** A line to warn with, where executors have different kinds of CPU: then results may differ in the last digits. */
    public static Optional<String> cpuWarning(List<ExecutorTraits> executors) {
        ExecutorTraits first = executors.get(0);
        return executors.stream()
                .filter(other -> !other.cpu.equals(first.cpu))
                .findFirst()
                .map(other ->
                        "executors have different CPUs, and so another order of machines gives other last digits: "
                                + first.host + " " + first.cpu + ", " + other.host + " " + other.cpu);
    }

    private String has(String name) {
        return host + " has " + traits.getOrDefault(name, "none");
    }

    private static String vectorInstructions() {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            List<String> flags = lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> List.of(line.split("\\s+")))
                    .orElse(List.of());
            return flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "neither AVX2 nor AVX-512";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
