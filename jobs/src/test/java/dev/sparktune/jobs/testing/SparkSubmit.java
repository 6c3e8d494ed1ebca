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

    private SparkSubmit(Path directory, List<String> prefix, Path javaHome) {
        this.directory = directory;
        this.prefix = prefix;
        this.javaHome = javaHome;
    }

    /** Without a Spark the test is skipped. */
    public static SparkSubmit in(Path directory) {
        SparkHome.require();
        return new SparkSubmit(directory, List.of(), Path.of(System.getProperty("java.home")));
    }

    /** Runs every job through {@code command}, such as one that takes the network away. */
    public SparkSubmit through(String... command) {
        return new SparkSubmit(directory, List.of(command), javaHome);
    }

    /** Runs every job with the Java of that directory instead of the test's. */
    public SparkSubmit withJava(Path home) {
        return new SparkSubmit(directory, prefix, home);
    }

    /** What a finished process left. */
    public record Outcome(int exitCode, String stdout, String stderr) {}

    /** {@code spark-submit --class dev.sparktune.jobs.JOB sparktune-jobs.jar ARGUMENTS} on two cores. */
    public Outcome run(String job, String... arguments) throws IOException, InterruptedException {
        Path home = SparkHome.require();
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(
                home.resolve("bin/spark-submit").toString(),
                "--master",
                "local[2]",
                "--class",
                "dev.sparktune.jobs." + job,
                JOB_JAR));
        command.addAll(List.of(arguments));
        Path stdout = Files.createTempFile("sparktune-submit", ".stdout");
        Path stderr = Files.createTempFile("sparktune-submit", ".stderr");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectOutput(stdout.toFile())
                    .redirectError(stderr.toFile());
            builder.environment().put("SPARK_HOME", home.toString());
            builder.environment().put("JAVA_HOME", javaHome.toString());
            builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
            Process process = builder.start();
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException(
                        job + " still ran after " + MINUTES + " minutes: " + Files.readString(stderr));
            }
            return new Outcome(process.exitValue(), Files.readString(stdout), Files.readString(stderr));
        } finally {
            Files.delete(stdout);
            Files.delete(stderr);
        }
    }
}
