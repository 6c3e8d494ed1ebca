package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.StandaloneCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparing data on a real cluster: two executors in JVMs of their own, which share nothing but the file system. */
class ClusterPrepareIT {
    private static final int ROWS = 2_000;

    @TempDir
    Path directory;

    @Test
    void reviewsAreMadeAndPreparedByTheExecutors() throws Exception {
        Files.writeString(directory.resolve("cluster.yaml"), """
                output: made
                synthesize: {kind: reviews, rows: %d}
                input: {path: [made/reviews/parquet], id: review_id}
                clean: {required: [review_body]}
                templates: {dataset: reviews, names: [rate]}
                split: {fractions: {train: 0.8, validation: 0.1, test: 0.1}, stratify: [star_rating], group: customer_id}
                """.formatted(ROWS));
        try (StandaloneCluster cluster = StandaloneCluster.start(2)) {
            SparkSubmit spark = SparkSubmit.in(directory).with("--master", cluster.url(), "--executor-memory", "1g");
            succeed(spark, "Synthesize");
            succeed(spark, "Prepare");

            JsonNode metrics = new ObjectMapper()
                    .readTree(directory.resolve("made/data/metrics.json").toFile());
            assertThat(metrics.at("/environment/master").asText()).isEqualTo(cluster.url());
            assertThat(metrics.at("/counts/rows").asInt()).isEqualTo(ROWS);
            assertThat(cluster.executorsLeft()).as("left behind").isEmpty();
        }
    }

    private static void succeed(SparkSubmit spark, String job) throws Exception {
        Outcome outcome = spark.run(job, "--config", "cluster.yaml");
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
    }
}
