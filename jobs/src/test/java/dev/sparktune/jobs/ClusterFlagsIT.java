package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the executors of a real cluster are started with, and what is refused before any is. */
class ClusterFlagsIT {
    private static final String NOBODY = "spark://127.0.0.1:1";

    @TempDir
    Path directory;

    @BeforeEach
    void prompts() throws Exception {
        LocalSpark.session()
                .createDataset(List.of("Charlie the cat sat down.\nWhat is the name of the cat?"), Encoders.STRING())
                .toDF("prompt")
                .write()
                .parquet(directory.resolve("prompts").toString());
        Files.writeString(directory.resolve("cluster.yaml"), """
                output: made
                generate: {input: [prompts], prompt_column: prompt, model: "classpath:conf/tiny-base", max_new_tokens: 4}
                """);
    }

    @Test
    void executorsAreStartedWithOurFlagsAndTheUsers() throws Exception {
        try (StandaloneCluster cluster = StandaloneCluster.start(1);
                SparkSubmit.Running generate = submit(
                                cluster.url(),
                                "--executor-cores",
                                "1",
                                "--conf",
                                "spark.executor.memoryOverhead=3g",
                                "--conf",
                                "spark.executor.extraJavaOptions=-Dmine=1 -Dorg.bytedeco.javacpp.maxphysicalbytes=7g")
                        .start("Generate", "--config", "cluster.yaml")) {
            while (cluster.executors().isEmpty() && generate.isAlive()) {
                Thread.sleep(20);
            }
            assertThat(cluster.executors()).as(generate.stderr()).hasSize(1);
            assertThat(StandaloneCluster.commandLine(cluster.executors().get(0)))
                    .contains(
                            "-Dmine=1",
                            "-Ddev.sparktune.threads=1",
                            "-Dorg.bytedeco.javacpp.maxbytes=2048m",
                            "-Dorg.bytedeco.javacpp.maxphysicalbytes=7g")
                    .doesNotContain("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");

            Outcome outcome = generate.await();
            assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
            JsonNode environment = new ObjectMapper()
                    .readTree(directory.resolve("made/generate/metrics.json").toFile())
                    .get("environment");
            assertThat(environment.get("executor_cores").asInt()).isEqualTo(1);
            assertThat(environment.get("threads").asInt()).isEqualTo(1);
        }
    }

    @Test
    void memoryThatContradictsItselfIsRefusedBeforeAnythingStarts() throws Exception {
        Outcome outcome = submit(
                        NOBODY,
                        "--executor-cores",
                        "1",
                        "--conf",
                        "spark.executor.memoryOverhead=2g",
                        "--conf",
                        "spark.executor.extraJavaOptions=-Dorg.bytedeco.javacpp.maxbytes=2g")
                .run("Generate", "--config", "cluster.yaml");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stderr())
                .contains("sparktune generate: spark.executor.memoryOverhead: is 2g, but must be at least 3072m:"
                        + " -Dorg.bytedeco.javacpp.maxbytes=2g of the executors and 1024m to spare")
                .doesNotContain("\tat ");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    @Test
    void withoutCoresPerExecutorAModelHasNoPlace() throws Exception {
        Outcome outcome = submit(NOBODY).run("Generate", "--config", "cluster.yaml");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stderr())
                .contains("sparktune generate: spark.executor.cores: is required on " + NOBODY)
                .contains("give --executor-cores N");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    private SparkSubmit submit(String master, String... options) {
        return SparkSubmit.in(directory).with("--master", master).with(options);
    }
}
