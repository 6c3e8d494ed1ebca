package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.testing.ProjectRoot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Searches for a learning rate as users do, once unbroken and once killed on the way. */
class TuneIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path root;

    private static Path data;
    private static Path unbroken;

    @BeforeAll
    static void search() throws Exception {
        List<Row> pairs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            pairs.add(RowFactory.create("rate " + (i % 5 + 1) + ":", " " + (i % 5 + 1)));
        }
        StructType schema =
                new StructType().add("prompt", DataTypes.StringType).add("completion", DataTypes.StringType);
        data = root.resolve("data");
        for (String split : List.of("train", "validation")) {
            LocalSpark.session()
                    .createDataFrame(split.equals("train") ? pairs : pairs.subList(0, 10), schema)
                    .write()
                    .parquet(data.resolve("prompt_completion/" + split).toUri().toString());
        }
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        unbroken = root.resolve("unbroken");
        TuneJob.main(arguments(unbroken));
    }

    @AfterAll
    static void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    @Test
    void theBestTrialIsTrainedToTheEndAndTheOthersAreGivenUp() throws Exception {
        JsonNode metrics = metrics(unbroken);
        JsonNode trials = metrics.at("/metrics/trials");
        assertThat(trials).hasSize(4);
        assertThat(trials.get(0).at("/values/train.learning_rate").asDouble()).isEqualTo(5e-3);
        assertThat(trials.get(0).get("outcomes"))
                .extracting(outcome -> outcome.get("step").asInt())
                .containsExactly(2, 4, 8);
        assertThat(trials.get(3).at("/values/train.learning_rate").asDouble()).isEqualTo(1e30);
        assertThat(trials.get(3).at("/outcomes/0/failure").asText()).contains("training stops");
        assertThat(metrics.at("/counts/diverged").asInt()).isEqualTo(1);
        assertThat(metrics.at("/counts/updates").asInt()).isBetween(8 + 4 + 2, 8 + 4 + 2 + 2);
        Path tune = unbroken.resolve("tune");
        assertThat(Files.readString(tune.resolve("report.html")))
                .contains("trained to the end", "given up after rung 1 of 3");
        assertThat(samples(tune.resolve("trials/003"))).isNotEmpty().containsOnly("[]"); // privacy.examples is false
        assertThat(tune.resolve("trials/001/checkpoints")).doesNotExist();
        assertThat(tune.resolve("tokens")).doesNotExist();
    }

    @Test
    void finetuneTakesTheBestSettingsAndComesToTheSameLoss() throws Exception {
        FinetuneJob.main(
                new String[] {"--config", unbroken.resolve("tune/best.yaml").toString()});

        JsonNode tuned = JSON.readTree(unbroken.resolve("model/metrics.json").toFile());
        assertThat(tuned.at("/config/train/learning_rate").asDouble()).isEqualTo(5e-3);
        assertThat(tuned.at("/metrics/eval_loss").asDouble())
                .isEqualTo(metrics(unbroken)
                        .at("/metrics/trials/0/outcomes/2/value")
                        .asDouble());
        assertThat(samples(unbroken.resolve("model"))).isNotEmpty().containsOnly("[]");
    }

    @Test
    void aSearchOfWhichNothingIsLeftFailsAndSaysWhy() throws Exception {
        Path output = root.resolve("diverged");
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> TuneJob.main(arguments(
                            output, "tune.parameters={train.learning_rate: [1e30, 2e30]}", "tune.halving_factor=1")))
                    .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(1));
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("sparktune tune: all trials diverged; trial 1: ");
        assertThat(output.resolve("tune")).doesNotExist();
    }

    @Test
    void aSearchThatIsKilledGoesOnToTheSameEnd() throws Exception {
        Path killed = root.resolve("killed");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
                .toList());
        command.addAll(List.of("-Xmx1g", "-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TuneJob.class.getName()));
        command.addAll(List.of(arguments(killed)));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(root.resolve("killed.log").toFile())
                .start();
        Path second = killed.resolve("tune.__partial/trials/002/rung-1.json");
        while (process.isAlive() && !Files.exists(second)) {
            Thread.sleep(5);
        }
        process.destroyForcibly();
        assertThat(process.waitFor())
                .as(Files.readString(root.resolve("killed.log")))
                .isNotZero();
        assertThat(killed.resolve("tune")).doesNotExist();

        TuneJob.main(arguments(killed));

        assertThat(metrics(killed).get("metrics")).isEqualTo(metrics(unbroken).get("metrics"));
    }

    /** Of every evaluation that the directory's log tells of. */
    private static List<String> samples(Path directory) throws IOException {
        List<String> samples = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve("training.jsonl"))) {
            JsonNode entry = JSON.readTree(line);
            if (entry.has("eval_loss")) {
                samples.add(entry.get("samples").toString());
            }
        }
        return samples;
    }

    private static JsonNode metrics(Path output) throws IOException {
        return JSON.readTree(output.resolve("tune/metrics.json").toFile());
    }

    private static String[] arguments(Path output, String... sets) throws IOException {
        Path config = Files.writeString(
                root.resolve("tune.yaml"), """
                data: %s
                model: {base: %s}
                train: {max_length: 64, global_batch_size: 8, max_steps: 8, logging_steps: 1, warmup_ratio: 0, eval_steps: 2}
                privacy: {examples: false}
                tune: {parameters: {"train.learning_rate": [1e-5, 1e30, 5e-3, 1e-6]}, halving_factor: 2}
                """.formatted(data, ProjectRoot.resolve("conf/tiny-base")));
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString(), "--set", "output=" + output));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        return arguments.toArray(String[]::new);
    }
}
