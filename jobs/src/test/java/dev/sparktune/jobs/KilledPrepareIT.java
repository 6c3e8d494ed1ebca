package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.ExampleFiles;
import dev.sparktune.example.ExampleReader;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.jobs.testing.SparkSubmit.Running;
import dev.sparktune.jobs.testing.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Preparing, killed (SIGKILL) wherever it is: what stands is whole, and the next run completes. */
class KilledPrepareIT {
    private static final int ROWS = 20_000;
    private static final int KILLS = 3;

    @TempDir
    Path directory;

    @Test
    void whenTheDriverIsKilledTheOldOutputStandsUntilTheNewOneDoes() throws Exception {
        SparkSubmit spark = SparkSubmit.in(directory);
        synthesize(spark);
        String standing = "salt0";
        succeed(spark.run("Prepare", prepare(standing)));
        assertWhole(standing);
        long seed = System.nanoTime();
        System.out.println("seed of the moments: " + seed);
        Random random = new Random(seed);
        for (int kill = 1; kill <= KILLS; kill++) {
            String next = "salt" + kill;
            try (Running run = spark.start("Prepare", prepare(next, "--overwrite"))) {
                // The last third of a run is where its output changes hands.
                awaitStep(run, random.nextInt(3) == 0 ? "writing" : "render and write, ");
                Thread.sleep(random.nextInt(3_000));
                run.kill();
            }
            Path old = directory.resolve("made/data.__old");
            if (Files.exists(data().resolve("metrics.json"))) {
                assertThat(saltOf(data())).isIn(standing, next);
                assertWhole(saltOf(data()));
            } else {
                assertThat(saltOf(old)).as("between two renames").isEqualTo(standing);
            }
            succeed(spark.run("Prepare", prepare(next, "--overwrite")));
            assertWhole(next);
            standing = next;
            try (Stream<Path> files = Files.list(directory.resolve("made"))) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("reviews", "data");
            }
        }
    }

    @Test
    void ofTwoRunsToOneOutputOneIsRefused() throws Exception {
        SparkSubmit spark = SparkSubmit.in(directory);
        synthesize(spark);
        try (Running first = spark.start("Prepare", prepare("salt"))) {
            awaitStep(first, "writing");
            Outcome second = spark.run("Prepare", prepare("salt"));
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.stderr()).contains("is writing this output; wait for its end, or give another output");
            succeed(first.await());
        }
        assertWhole("salt");
    }

    @Test
    void whenAnExecutorIsKilledAnotherDoesItsTasks() throws Exception {
        try (StandaloneCluster cluster = StandaloneCluster.start(2)) {
            SparkSubmit spark = SparkSubmit.in(directory).with("--master", cluster.url(), "--executor-memory", "1g");
            synthesize(spark);
            try (Running run = spark.start("Prepare", prepare("salt"))) {
                awaitStep(run, "count strata and assign buckets, ");
                List<ProcessHandle> executors = cluster.executors();
                assertThat(executors).isNotEmpty();
                executors.get(0).destroyForcibly();
                succeed(run.await());
            }
            assertWhole("salt");
        }
    }

    private void synthesize(SparkSubmit spark) throws Exception {
        Files.writeString(directory.resolve("made.yaml"), """
                output: made
                synthesize: {kind: reviews, rows: %d}
                input: {path: [made/reviews/parquet], id: review_id}
                clean: {required: [review_body], exact_duplicates: [review_body]}
                templates: {dataset: reviews, names: [rate, generate]}
                split: {stratify: [star_rating], group: customer_id}
                """.formatted(ROWS));
        succeed(spark.run("Synthesize", "--config", "made.yaml"));
    }

    private static String[] prepare(String salt, String... more) {
        List<String> arguments = new ArrayList<>(List.of("--config", "made.yaml", "--set", "split.salt=" + salt));
        arguments.addAll(List.of(more));
        return arguments.toArray(new String[0]);
    }

    private static void succeed(Outcome outcome) {
        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
    }

    private static void awaitStep(Running run, String said) throws Exception {
        while (run.isAlive() && !run.stderr().contains("prepare: " + said)) {
            Thread.sleep(20);
        }
    }

    private Path data() {
        return directory.resolve("made/data");
    }

    private static String saltOf(Path data) throws IOException {
        return new ObjectMapper()
                .readTree(data.resolve("metrics.json").toFile())
                .at("/config/split/salt")
                .asText();
    }

    /** All that the metrics count is there. */
    private void assertWhole(String salt) throws IOException {
        JsonNode metrics =
                new ObjectMapper().readTree(data().resolve("metrics.json").toFile());
        assertThat(metrics.at("/config/split/salt").asText()).isEqualTo(salt);
        assertThat(metrics.at("/counts/rows").asInt()).isEqualTo(ROWS);
        for (String split : List.of("train", "validation", "test")) {
            int examples = 0;
            Configuration conf = new Configuration();
            for (org.apache.hadoop.fs.Path file : ExampleFiles.in(
                    conf,
                    new org.apache.hadoop.fs.Path(
                            data().resolve("prompt_completion/" + split).toUri()))) {
                try (ExampleReader reader = ExampleReader.open(conf, file)) {
                    for (; reader.hasNext(); reader.next()) {
                        examples++;
                    }
                }
            }
            assertThat(examples)
                    .isEqualTo(
                            metrics.at("/metrics/splits/" + split + "/examples").asInt());
        }
    }
}
