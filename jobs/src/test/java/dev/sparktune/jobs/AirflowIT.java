package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.testing.AirflowEnv;
import dev.sparktune.testing.SparkHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The DAG of scripts/airflow by a real Airflow and a real spark-submit, on a few made-up reviews. */
class AirflowIT {
    private static final String JOB_JAR = System.getProperty("sparktune.jobJar");
    private static final Path DAG =
            Path.of("../scripts/airflow/sparktune_pipeline.py").toAbsolutePath().normalize();

    @TempDir
    static Path root;

    private record Outcome(int exitCode, String log) {}

    @BeforeAll
    static void reviewsAndSettings() throws Exception {
        AirflowEnv.require();
        SparkHome.require();
        Files.createDirectories(root.resolve("dags"));
        Files.copy(DAG, root.resolve("dags").resolve(DAG.getFileName()));
        Files.writeString(root.resolve("small.yaml"), """
                output: %1$s/made
                synthesize: {rows: 1500}
                input: {path: %1$s/made/reviews/parquet, id: review_id}
                clean: {required: [review_body]}
                templates: {dataset: reviews, names: [rate]}
                split: {stratify: [star_rating], group: customer_id}
                train: {num_train_epochs: 2, global_batch_size: 16, learning_rate: 1.0e-3, max_length: 256}
                evaluate: {tasks: [rate]}
                """.formatted(root));
        run(List.of(sparkSubmit(), "--class", "dev.sparktune.jobs.Synthesize", JOB_JAR, "--config", settings()), 0);
        run(List.of(AirflowEnv.require().toString(), "db", "migrate"), 0);
    }

    @Test
    void aModelThatGainedPassesAlsoWhenAJobMustBeTriedTwice() throws Exception {
        failOnce("Finetune");

        Outcome outcome = run(pipeline("0.1", "passed"), 0);

        assertThat(root.resolve("failed")).exists();
        assertThat(outcome.log()).contains("rate accuracy: +0.");
        assertThat(runs("passed")).hasSize(1).allSatisfy(run -> {
            assertThat(run.resolve("evaluate/base/metrics.json")).exists();
            assertThat(run.resolve("evaluate/instruct/report.html")).exists();
        });
    }

    @Test
    void aModelThatGainedTooLittleIsStoppedByTheGateAtOnce() throws Exception {
        Outcome outcome = run(pipeline("0.95", "stopped"), 1);

        assertThat(outcome.log()).contains("the lower bound is not above the margin of 0.95");
        assertThat(outcome.log().split("Task started", -1))
                .as("five tasks, each once")
                .hasSize(5 + 1);
    }

    private static List<String> pipeline(String margin, String output) {
        String parameters = "{\"jar\": \"%s\", \"config\": \"%s\", \"output_root\": \"%s\", \"margin\": %s}"
                .formatted(JOB_JAR, settings(), root.resolve(output), margin);
        return List.of(
                AirflowEnv.require().toString(),
                "dags",
                "test",
                "sparktune_pipeline",
                "2026-01-01",
                "--conf",
                parameters);
    }

    private static String settings() {
        return root.resolve("small.yaml").toString();
    }

    private static String sparkSubmit() {
        return SparkHome.require().resolve("bin/spark-submit").toString();
    }

    private static List<Path> runs(String output) throws IOException {
        try (var runs = Files.list(root.resolve(output))) {
            return runs.toList();
        }
    }

    /** Puts a spark-submit before the real one on PATH whose first run of a job fails. */
    private static void failOnce(String job) throws IOException {
        Path script = Files.createDirectories(root.resolve("bin")).resolve("spark-submit");
        Files.writeString(script, """
                #!/bin/sh
                case "$*" in *%s*) if [ ! -e %s ]; then touch %s; exit 1; fi;; esac
                exec %s "$@"
                """.formatted(job, root.resolve("failed"), root.resolve("failed"), sparkSubmit()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Outcome run(List<String> command, int exitCode) throws IOException, InterruptedException {
        Path log = Files.createTempFile(root, "command", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("AIRFLOW_HOME", root.resolve("airflow").toString());
        environment.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        environment.put("AIRFLOW__CORE__DAGS_FOLDER", root.resolve("dags").toString());
        environment.put("AIRFLOW_CONN_SPARK_DEFAULT", "{\"conn_type\": \"spark\", \"host\": \"local[2]\"}");
        environment.put("JAVA_HOME", System.getProperty("java.home"));
        environment.put("SPARK_HOME", SparkHome.require().toString());
        environment.put("SPARK_LOCAL_IP", "127.0.0.1");
        environment.put(
                "PATH",
                root.resolve("bin") + ":" + AirflowEnv.require().getParent() + ":"
                        + SparkHome.require().resolve("bin") + ":" + System.getenv("PATH"));
        Process process = builder.start();
        if (!process.waitFor(8, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(log, StandardCharsets.UTF_8);
        assertThat(process.exitValue())
                .as(said.substring(Math.max(0, said.length() - 6_000)))
                .isEqualTo(exitCode);
        return new Outcome(process.exitValue(), said);
    }
}
