package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From nothing to a report by a real spark-submit, in an empty directory and with the job jar alone: the settings, templates
 * and base model are those in the jar, the sizes small.
 */
class WholeWayIT {
    private static final Path OUTPUT = Path.of("out/quickstart");

    @TempDir
    static Path directory;

    @BeforeAll
    static void runEveryJob() throws Exception {
        SparkSubmit spark = SparkSubmit.in(directory);
        succeed(spark, "Synthesize", "--set", "synthesize.rows=600");
        succeed(spark, "Prepare");
        succeed(spark, "Evaluate", evaluation("evaluate.name=base", "evaluate.model=classpath:conf/tiny-base"));
        succeed(spark, "Finetune", finetuning());
        succeed(spark, "Evaluate", evaluation("evaluate.baseline=base"));
        succeed(
                spark,
                "Finetune",
                finetuning(
                        "output=" + OUTPUT + "/mixture", "data=" + OUTPUT + "/data", "train.tasks=[rate, summarise]"));
        succeed(
                spark,
                "Evaluate",
                evaluation(
                        "evaluate.name=mixture",
                        "evaluate.model=" + OUTPUT + "/mixture/model",
                        "evaluate.baseline=base",
                        "evaluate.compare=[instruct]"));
    }

    @Test
    void everyJobLeavesAWholeOutputAndNothingElse() throws Exception {
        for (String output : List.of(
                "reviews",
                "data",
                "model",
                "evaluate/base",
                "evaluate/instruct",
                "mixture/model",
                "evaluate/mixture")) {
            JsonNode metrics = metrics(output);
            assertThat(metrics.path("schema_version").asInt()).as(output).isEqualTo(1);
            assertThat(metrics.path("version").asText()).as(output).isNotEqualTo("development");
        }
        assertThat(directory.resolve(OUTPUT).resolve("evaluate/instruct/report.html"))
                .isNotEmptyFile();
        assertThat(directory).isDirectoryContaining(file -> file.endsWith("out"));
        try (var left = Files.walk(directory)) {
            assertThat(left.map(Path::toString))
                    .noneMatch(name -> name.contains("__partial") || name.contains("__old"));
        }
        try (var beside = Files.list(directory)) {
            assertThat(beside).hasSize(1);
        }
    }

    @Test
    void severalModelsStandSideBySide() throws Exception {
        JsonNode metrics = metrics("evaluate/mixture").path("metrics");

        assertThat(metrics.path("delta").findValuesAsText("baseline")).containsOnly("base", "instruct");
        assertThat(directory.resolve(OUTPUT).resolve("evaluate/mixture/report.html"))
                .content()
                .contains(">against base</th>", ">against instruct</th>");
    }

    @Test
    void aFinishedOutputOfTheSameSettingsIsUpToDate() throws Exception {
        Outcome again = submit(SparkSubmit.in(directory), "Finetune", finetuning());

        assertThat(again.exitCode()).as(again.stderr()).isZero();
        assertThat(again.stderr()).contains("is up to date");
    }

    @Test
    void aFinishedOutputOfOtherSettingsIsKeptUnlessToldOtherwise() throws Exception {
        JsonNode before = metrics("data");

        Outcome refused = submit(SparkSubmit.in(directory), "Prepare", "--set", "split.salt=other");

        assertThat(refused.exitCode()).as(refused.stderr()).isEqualTo(1);
        assertThat(refused.stderr()).contains("--overwrite");
        assertThat(metrics("data")).isEqualTo(before);
    }

    @Test
    void withoutAnyNetworkTheSameModelGivesTheSameFigures() throws Exception {
        SparkSubmit offline = SparkSubmit.in(directory).through(withoutNetwork());

        Outcome outcome = submit(offline, "Evaluate", evaluation("evaluate.baseline=base", "evaluate.name=offline"));

        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        assertThat(metrics("evaluate/offline").path("metrics").path("results"))
                .isNotEmpty()
                .isEqualTo(metrics("evaluate/instruct").path("metrics").path("results"));
    }

    private static String[] finetuning(String... sets) {
        return withSets(List.of("train.max_train_samples=64", "train.max_eval_samples=20"), sets);
    }

    private static String[] evaluation(String... sets) {
        return withSets(List.of("evaluate.tasks=[rate]", "evaluate.limit=20", "evaluate.shots=[0]"), sets);
    }

    private static String[] withSets(List<String> always, String... more) {
        return Stream.concat(always.stream(), Stream.of(more))
                .flatMap(set -> Stream.of("--set", set))
                .toArray(String[]::new);
    }

    private static void succeed(SparkSubmit spark, String job, String... arguments) throws Exception {
        Outcome outcome = submit(spark, job, arguments);
        assertThat(outcome.exitCode()).as(job + ": " + outcome.stderr()).isZero();
    }

    private static Outcome submit(SparkSubmit spark, String job, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("--config", "classpath:conf/quickstart.yaml"));
        all.addAll(List.of(arguments));
        return spark.run(job, all.toArray(String[]::new));
    }

    private static JsonNode metrics(String output) throws IOException {
        return new ObjectMapper()
                .readTree(directory
                        .resolve(OUTPUT)
                        .resolve(output)
                        .resolve("metrics.json")
                        .toFile());
    }

    /** A command that runs another one in a network of its own, with nothing but the loopback interface in it. */
    private static String[] withoutNetwork() throws Exception {
        for (String isolation : List.of("--net", "--map-root-user --net")) {
            List<String> command = new ArrayList<>(List.of("unshare"));
            command.addAll(List.of(isolation.split(" ")));
            command.addAll(List.of("sh", "-c", "ip link set lo up && exec \"$@\"", "sh"));
            List<String> trial = new ArrayList<>(command);
            trial.add("true");
            try {
                if (new ProcessBuilder(trial).start().waitFor() == 0) {
                    return command.toArray(String[]::new);
                }
            } catch (IOException e) {
                break; // no unshare on this machine
            }
        }
        return Assumptions.abort("needs a network namespace: unshare (as root, or with user namespaces) and ip");
    }
}
