package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.jobs.testing.RemoteFiles;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.token.ByteLevelTokenizer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.JavaConverters;

/** Pretrain and finetune as users start them, on a model that a machine trains in seconds. */
class TrainingJobsIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path root;

    private static Path base;
    private static Path data;

    /** A base pretrained by the job itself, and prompts and completions to tune it on. */
    @BeforeAll
    static void pretrain() throws Exception {
        List<Row> texts = new ArrayList<>();
        List<Row> pairs = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            texts.add(RowFactory.create("the cat number " + i + " sat"));
            pairs.add(RowFactory.create("rate " + (i % 5 + 1) + ":", " " + (i % 5 + 1), "rate"));
        }
        StructType text = new StructType().add("text", DataTypes.StringType);
        StructType pair = new StructType()
                .add("prompt", DataTypes.StringType)
                .add("completion", DataTypes.StringType)
                .add("task", DataTypes.StringType);
        data = root.resolve("data");
        write(texts, text, root.resolve("texts"));
        write(pairs, pair, data.resolve("prompt_completion/train"));
        write(pairs.subList(0, 10), pair, data.resolve("prompt_completion/validation"));
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        Path tokenizer = Files.createDirectories(root.resolve("tokenizer"));
        ByteLevelTokenizer.write(tokenizer);
        Files.writeString(tokenizer.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>"}
                """);
        Files.writeString(tokenizer.resolve("LICENSE"), "Do what you like.");
        Path config = Files.writeString(root.resolve("pretrain.yaml"), """
                output: %1$s/base
                input: {path: %1$s/texts, license: cc0-1.0}
                pretrain: {tokenizer: %1$s/tokenizer, hidden_size: 16, intermediate_size: 24, num_hidden_layers: 1,
                  num_attention_heads: 2, num_key_value_heads: 1, max_position_embeddings: 64,
                  validation_split_percentage: 20}
                train: {max_length: 64, global_batch_size: 8, max_steps: 6, eval_steps: 3, logging_steps: 2}
                """.formatted(root));

        PretrainJob.main(new String[] {"--config", config.toString()});
        base = root.resolve("base/model");
    }

    @AfterAll
    static void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    @Test
    void pretrainLeavesAModelDirectoryThatIsWhole() throws IOException {
        assertThat(names(base))
                .contains(
                        "config.json",
                        "generation_config.json",
                        "model.safetensors",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "LICENSE",
                        "README.md",
                        "training.jsonl",
                        "training.parquet",
                        "metrics.json")
                .doesNotContain("tokens");
        JsonNode config = JSON.readTree(base.resolve("config.json").toFile());
        assertThat(config.get("model_type").asText()).isEqualTo("llama");
        assertThat(config.get("bos_token_id").asInt()).isEqualTo(ByteLevelTokenizer.BOS);
        assertThat(config.get("eos_token_id").asInt()).isEqualTo(ByteLevelTokenizer.EOS);
        JsonNode metrics = JSON.readTree(base.resolve("metrics.json").toFile());
        assertThat(metrics.at("/metrics/steps").asInt()).isEqualTo(6);
        assertThat(metrics.at("/metrics/eval_loss").asDouble()).isBetween(1.0, 6.0);
        assertThat(metrics.at("/counts/train_rows").asLong()
                        + metrics.at("/counts/validation_rows").asLong())
                .isEqualTo(60);
        assertThat(base.resolve("README.md")).content().contains("license: \"cc0-1.0\"", "from random weights");
    }

    @Test
    void finetuneTunesItAndSaysWhatItDid() throws Exception {
        Path output = root.resolve("whole");
        FinetuneJob.main(arguments(output));

        Path model = output.resolve("model");
        List<String> lines = Files.readAllLines(model.resolve("training.jsonl"));
        assertThat(JSON.readTree(lines.get(0)).fieldNames())
                .toIterable()
                .containsExactly(
                        "step",
                        "epoch",
                        "loss",
                        "grad_norm",
                        "learning_rate",
                        "num_input_tokens_seen",
                        "tokens_per_second");
        assertThat(lines.stream().filter(line -> line.contains("eval_loss")))
                .hasSize(4)
                .allMatch(line -> line.contains("\"samples\":[{\"prompt\":\"rate "));
        JsonNode metrics = JSON.readTree(model.resolve("metrics.json").toFile()).get("metrics");
        assertThat(metrics.get("eval_loss").asDouble()).isLessThan(2.0);
        assertThat(Files.readString(model.resolve("LICENSE"))).isEqualTo("Do what you like.");
        assertThat(model.resolve("README.md"))
                .content()
                .contains("base_model: \"model\"", "license: \"cc0-1.0\"", "| tasks | rate |");
        assertThat(LocalSpark.session()
                        .read()
                        .parquet(model.resolve("training.parquet").toString())
                        .count())
                .isEqualTo(lines.size());
    }

    @Test
    void lossAndTokensPerSecondAreAccumulatorsOfTheStageAndGaugesOfTheDriver() throws Exception {
        Map<String, String> shown = new ConcurrentHashMap<>();
        LocalSpark.session().sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onStageCompleted(SparkListenerStageCompleted stage) {
                JavaConverters.mapAsJavaMap(stage.stageInfo().accumulables()).values().stream()
                        .filter(info -> info.name().isDefined())
                        .forEach(info ->
                                shown.put(info.name().get(), info.value().get().toString()));
                JavaConverters.seqAsJavaList(SparkEnv.get().metricsSystem().getSourcesByName("AccumulatorSource"))
                        .forEach(source -> source.metricRegistry()
                                .getGauges()
                                .forEach((name, gauge) -> shown.put(
                                        "gauge " + name, gauge.getValue().toString())));
            }
        });
        Path output = root.resolve("accumulated");

        FinetuneJob.main(arguments(output, "train.max_steps=3", "train.logging_steps=1"));

        List<String> lines = Files.readAllLines(output.resolve("model/training.jsonl"));
        String loss = lines.stream()
                .filter(line -> line.startsWith("{\"step\":3,") && line.contains("\"loss\""))
                .findFirst()
                .orElseThrow();
        assertThat(shown)
                .containsEntry("loss", JSON.readTree(loss).get("loss").asText())
                .containsEntry("gauge loss", shown.get("loss"))
                .containsEntry("gauge step", "3.0")
                .containsEntry("gauge tokens_per_second", shown.get("tokens per second"));
    }

    /** An adapter's, with dropout; all weights are {@link ClusterTrainingIT}'s matter. */
    @Test
    void aFinetuneThatIsKilledAtRandomMomentsGoesOnToTheSameWeights() throws Exception {
        Path unbroken = root.resolve("unbroken");
        Path killed = root.resolve("killed");
        assertThat(inAProcess(unbroken, Integer.MAX_VALUE, 0)).isZero();
        Random moments = new Random();
        for (int update : new int[] {5, 25}) {
            int delay = moments.nextInt(40);
            assertThat(inAProcess(killed, update, delay))
                    .as("killed %d ms after update %d was logged", delay, update)
                    .isNotZero();
            assertThat(killed.resolve("model")).doesNotExist();
        }
        assertThat(inAProcess(killed, Integer.MAX_VALUE, 0)).isZero();

        JsonNode metrics = JSON.readTree(killed.resolve("model/metrics.json").toFile());
        assertThat(metrics.at("/metrics/stopped_early").asBoolean()).isTrue();
        assertThat(metrics.at("/metrics/steps").asInt()).isEqualTo(45);
        for (String file : List.of("adapter/adapter_model.safetensors", "model/model.safetensors")) {
            assertThat(killed.resolve(file)).hasSameBinaryContentAs(unbroken.resolve(file));
        }
        assertThat(Files.readAllLines(killed.resolve("model/training.jsonl")))
                .hasSameSizeAs(Files.readAllLines(unbroken.resolve("model/training.jsonl")));
    }

    @Test
    void anObjectStoreTakesAllThatFinetuneWrites() throws Exception {
        System.setProperty("spark.hadoop.fs.remote.impl", RemoteFiles.class.getName());
        try {
            FinetuneJob.main(arguments(
                    root.resolve("stored"),
                    "output=remote://" + root.resolve("stored"),
                    "train.method=lora",
                    "train.max_steps=4",
                    "train.eval_steps=2",
                    "train.logging_steps=1"));
        } finally {
            System.clearProperty("spark.hadoop.fs.remote.impl");
        }

        Path model = root.resolve("stored/model");
        assertThat(Files.readAllLines(model.resolve("training.jsonl"))).hasSize(6);
        assertThat(names(model)).contains("metrics.json", "model.safetensors").noneMatch(name -> name.contains(".__"));
        assertThat(names(root.resolve("stored/adapter")))
                .contains("adapter_config.json", "adapter_model.safetensors", "README.md");
    }

    @Test
    void whatCannotBeIsRefusedBeforeAnythingIsWritten() {
        Path output = root.resolve("refused");
        assertThatThrownBy(() -> FinetuneJob.main(arguments(output, "model.base=org/name")))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(1));
        assertThatThrownBy(() -> FinetuneJob.main(arguments(output, "train.micro_batch_size=64")))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(2));
        assertThat(output).doesNotExist();
    }

    @Test
    void transformersLoadsWhatWasWritten() {
        String printed = PythonEnv.runSource("""
                import sys
                from transformers import AutoModelForCausalLM, AutoTokenizer
                tokenizer = AutoTokenizer.from_pretrained(sys.argv[1])
                model = AutoModelForCausalLM.from_pretrained(sys.argv[1])
                inputs = tokenizer("the cat", return_tensors="pt")
                print(type(model).__name__, tokenizer.eos_token, model.generate(**inputs, max_new_tokens=3).shape[0])
                """, base);
        assertThat(printed.strip()).isEqualTo("LlamaForCausalLM </s> 1");
    }

    private static String[] arguments(Path output, String... sets) throws IOException {
        Path config = Files.writeString(root.resolve("finetune.yaml"), """
                data: %s
                model: {base: %s}
                train: {tasks: [rate], max_length: 64, global_batch_size: 8, micro_batch_size: 4, max_steps: 60,
                  learning_rate: 1.0e-2, eval_steps: 15, save_steps: 2, logging_steps: 5}
                """.formatted(data, base));
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString(), "--set", "output=" + output));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        return arguments.toArray(String[]::new);
    }

    /**
     * Runs finetune, stopped early at its third evaluation, in a JVM of its own; killed (SIGKILL) some milliseconds after
     * the log has the line of an update.
     *
     * @return its exit code
     */
    private static int inAProcess(Path output, int killedAfter, int delay) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-Xmx"))
                .toList());
        command.addAll(List.of("-Xmx1g", "-Dspark.master=local[2]", "-Dspark.ui.enabled=false"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), FinetuneJob.class.getName()));
        command.addAll(List.of(arguments(
                output,
                "train.method=lora",
                "lora.dropout=0.2",
                "train.early_stopping_patience=2",
                "train.early_stopping_threshold=100")));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(root.resolve(output.getFileName() + ".log").toFile())
                .start();
        Path log = output.resolve("model.__partial/training.jsonl");
        while (process.isAlive()) {
            if (Files.exists(log)
                    && Files.readString(log, StandardCharsets.UTF_8).contains("{\"step\":" + killedAfter + ",")) {
                Thread.sleep(delay);
                process.destroyForcibly();
            }
            Thread.sleep(5);
        }
        return process.waitFor();
    }

    private static void write(List<Row> rows, StructType schema, Path directory) {
        LocalSpark.session()
                .createDataFrame(rows, schema)
                .write()
                .parquet(directory.toUri().toString());
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
