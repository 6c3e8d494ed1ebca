package dev.sparktune.jobs.testing;

import dev.sparktune.testing.SparkHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real Spark standalone cluster, on 127.0.0.1 or on hosts of its own: a master and workers of one core each, every one a JVM
 * of its own on ports that were free. Closing it kills them all with their executors.
 */
public final class StandaloneCluster implements AutoCloseable {
    private static final int SECONDS = 60;
    private static final String MEMORY = "4g";
    private static final Pattern MASTER_URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final Pattern REGISTERED = Pattern.compile("Master: Registering worker ");

    private final Path home;
    private final Path directory;
    private final Thread atExit = new Thread(this::kill);
    private final Process master;
    private final List<Process> workers = new ArrayList<>();
    private final String url;

    private StandaloneCluster(NetworkHost masterHost, List<NetworkHost> workerHosts, String memory)
            throws IOException, InterruptedException {
        home = SparkHome.require();
        directory = Files.createTempDirectory("sparktune-cluster");
        Runtime.getRuntime().addShutdownHook(atExit);
        master = start("master", masterHost, "org.apache.spark.deploy.master.Master", List.of());
        url = await(1, MASTER_URL).group(1);
        for (int i = 0; i < workerHosts.size(); i++) {
            workers.add(start(
                    "worker-" + i,
                    workerHosts.get(i),
                    "org.apache.spark.deploy.worker.Worker",
                    List.of(
                            "--cores",
                            "1",
                            "--memory",
                            memory,
                            "--work-dir",
                            workDirectory(i).toString(),
                            url)));
        }
        await(workerHosts.size(), REGISTERED);
    }

    /** Starts it and waits until its workers, of 4 GiB each, are registered. Without a Spark the test is skipped. */
    public static StandaloneCluster start(int workers) throws IOException, InterruptedException {
        return start(workers, MEMORY);
    }

    /** As {@link #start(int)}, {@code memory} being what a worker may give to executors, such as {@code 2g}. */
    public static StandaloneCluster start(int workers, String memory) throws IOException, InterruptedException {
        return new StandaloneCluster(NetworkHost.LOOPBACK, Collections.nCopies(workers, NetworkHost.LOOPBACK), memory);
    }

    /**
     * As {@link #start(int)}, with a worker on each of the hosts and the master on this side of their network, where drivers
     * belong too: {@code --conf spark.driver.host=} {@link NamespacedHosts#here}.
     */
    public static StandaloneCluster start(NamespacedHosts hosts) throws IOException, InterruptedException {
        return new StandaloneCluster(hosts.here(), hosts.all(), MEMORY);
    }

    /** For {@code --master}: {@code spark://HOST:PORT}. */
    public String url() {
        return url;
    }

    /** The executors that run now, on all workers, in the order of the workers. */
    public List<ProcessHandle> executors() {
        return workers.stream()
                .flatMap(worker -> worker.toHandle().descendants())
                .filter(StandaloneCluster::isExecutor)
                .toList();
    }

    /** Those that still run half a minute after their driver ended: they take a moment to notice. */
    public List<ProcessHandle> executorsLeft() throws InterruptedException {
        for (int i = 0; i < 300 && !executors().isEmpty(); i++) {
            Thread.sleep(100);
        }
        return executors();
    }

    /** Kills worker {@code index}, counted from 0, and its executors, as a machine that is gone would. */
    public void stopWorker(int index) {
        killTree(workers.get(index).toHandle());
    }

    /** Where worker {@code index} keeps {@code APPLICATION/EXECUTOR/stdout} and {@code …/stderr}. */
    public Path workDirectory(int index) {
        return directory.resolve("worker-" + index);
    }

    @Override
    public void close() throws IOException {
        kill();
        Runtime.getRuntime().removeShutdownHook(atExit);
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Process start(String name, NetworkHost host, String mainClass, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(host.inside());
        command.addAll(List.of(home.resolve("bin/spark-class").toString(), mainClass));
        command.addAll(List.of("--host", host.address(), "--port", "0", "--webui-port", "0"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME",
                        home.toString(),
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "SPARK_LOCAL_IP",
                        host.address(),
                        "SPARK_LOCAL_DIRS",
                        directory.resolve("local").toString(),
                        "SPARK_DAEMON_MEMORY",
                        "256m",
                        // They start sooner than they would run fast.
                        "SPARK_DAEMON_JAVA_OPTS",
                        "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"));
        return builder.start();
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    /** The {@code count}th line of the master's log that matches. */
    private Matcher await(int count, Pattern line) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + SECONDS * 1_000_000_000L;
        while (master.isAlive() && System.nanoTime() < deadline) {
            Matcher matcher = line.matcher(Files.readString(log("master")));
            int found = 0;
            while (matcher.find()) {
                if (++found == count) {
                    return matcher;
                }
            }
            Thread.sleep(50);
        }
        String logs = logs();
        close();
        throw new IllegalStateException("no standalone cluster after " + SECONDS + " s:\n" + logs);
    }

    private String logs() throws IOException {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                logs.append(file.getFileName()).append(":\n").append(Files.readString(file));
            }
        }
        return logs.toString();
    }

    private void kill() {
        workers.forEach(worker -> killTree(worker.toHandle()));
        if (master != null) {
            killTree(master.toHandle());
        }
    }

    /** Kills a process and what it started, and waits until they are gone. */
    static void killTree(ProcessHandle root) {
        List<ProcessHandle> all =
                Stream.concat(Stream.of(root), root.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(process -> process.onExit()
                .completeOnTimeout(process, 10, TimeUnit.SECONDS)
                .join());
    }

    private static boolean isExecutor(ProcessHandle process) {
        return commandLine(process).contains("org.apache.spark.executor.CoarseGrainedExecutorBackend");
    }

    /**
     * The words that a process was started with, nothing for one that is gone. By /proc, since {@link ProcessHandle.Info}
     * leaves out a command line as long as an executor's.
     */
    public static List<String> commandLine(ProcessHandle process) {
        Path file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
        try {
            return List.of(Files.readString(file, StandardCharsets.ISO_8859_1).split("\0"));
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return List.of();
        }
    }
}
