package dev.sparktune.jobs.testing;

import dev.sparktune.testing.SparkHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Jobs by a real {@code bin/spark-submit}, as users start them: in a directory of their own, with the job jar alone. */
public final class SparkSubmit {
    private static final String JOB_JAR = System.getProperty("sparktune.jobJar");
    private static final int MINUTES = 5;

    private final Path directory;
    private final List<String> prefix;
    private final Path javaHome;
    private final List<String> options;

    private SparkSubmit(Path directory, List<String> prefix, Path javaHome, List<String> options) {
        this.directory = directory;
        this.prefix = prefix;
        this.javaHome = javaHome;
        this.options = options;
    }

    /** On two cores of this machine. Without a Spark the test is skipped. */
    public static SparkSubmit in(Path directory) {
        SparkHome.require();
        return new SparkSubmit(
                directory, List.of(), Path.of(System.getProperty("java.home")), List.of("--master", "local[2]"));
    }

    /** Runs every job through {@code command}, such as one that takes the network away. */
    public SparkSubmit through(String... command) {
        return new SparkSubmit(directory, List.of(command), javaHome, options);
    }

    /** Runs every job with the Java of that directory instead of the test's. */
    public SparkSubmit withJava(Path home) {
        return new SparkSubmit(directory, prefix, home, options);
    }

    /** Gives further options to spark-submit, such as {@code --master spark://…}; of one given twice the last counts. */
    public SparkSubmit with(String... options) {
        List<String> all = new ArrayList<>(this.options);
        all.addAll(List.of(options));
        return new SparkSubmit(directory, prefix, javaHome, all);
    }

    /** What a finished process left. */
    public record Outcome(int exitCode, String stdout, String stderr) {}

    /** {@code spark-submit OPTIONS --class dev.sparktune.jobs.JOB sparktune-jobs.jar ARGUMENTS}, to its end. */
    public Outcome run(String job, String... arguments) throws IOException, InterruptedException {
        try (Running running = start(job, arguments)) {
            return running.await();
        }
    }

    /** As {@link #run}, in the background. */
    public Running start(String job, String... arguments) throws IOException {
        Path home = SparkHome.require();
        List<String> command = new ArrayList<>(prefix);
        command.add(home.resolve("bin/spark-submit").toString());
        command.addAll(options);
        command.addAll(List.of("--class", "dev.sparktune.jobs." + job, JOB_JAR));
        command.addAll(List.of(arguments));
        Path stdout = Files.createTempFile("sparktune-submit", ".stdout");
        Path stderr = Files.createTempFile("sparktune-submit", ".stderr");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        return new Running(job, builder.start(), stdout, stderr);
    }

    /** A job that may still run; closing kills it. */
    public static final class Running implements AutoCloseable {
        private final String job;
        private final Process process;
        private final Path stdout;
        private final Path stderr;

        private Running(String job, Process process, Path stdout, Path stderr) {
            this.job = job;
            this.process = process;
            this.stdout = stdout;
            this.stderr = stderr;
        }

        public boolean isAlive() {
            return process.isAlive();
        }

        /** So far. */
        public String stdout() throws IOException {
            return Files.readString(stdout);
        }

        /** So far. */
        public String stderr() throws IOException {
            return Files.readString(stderr);
        }

        /** Kills the driver (SIGKILL), and waits until it is gone. */
        public void kill() {
            StandaloneCluster.killTree(process.toHandle());
        }

        /** Waits for its end; a job that takes too long is killed and is an error. */
        public Outcome await() throws IOException, InterruptedException {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                kill();
                throw new IllegalStateException(job + " still ran after " + MINUTES + " minutes: " + stderr());
            }
            return new Outcome(process.exitValue(), stdout(), stderr());
        }

        @Override
        public void close() throws IOException {
            kill();
            Files.deleteIfExists(stdout);
            Files.deleteIfExists(stderr);
        }
    }
}
