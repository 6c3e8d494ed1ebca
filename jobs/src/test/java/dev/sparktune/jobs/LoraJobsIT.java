package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.jobs.testing.SmallData;
import dev.sparktune.model.hf.HfAdapter;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** A LoRA adapter of the tiny base, from finetune through evaluate and generate, as users go. */
class LoraJobsIT {
    private static final Path BASE = ProjectRoot.resolve("conf/tiny-base");

    @TempDir
    static Path root;

    /** What finetune made. */
    private static Path tuned;

    /** Made by PEFT. */
    private static Path theirs;

    @BeforeAll
    static void tuneAndLetPeftReadAndWrite() throws Exception {
        SmallData.write(root.resolve("data"), 80, 10);
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        tuned = finetune("tuned", "lora.r=4", "lora.alpha=16", "lora.dropout=0.1");
        theirs = root.resolve("theirs");
        PythonEnv.runSource("""
                import sys, torch
                from peft import LoraConfig, PeftModel, get_peft_model
                from transformers import AutoModelForCausalLM
                base, tuned, theirs = sys.argv[1:]
                load = lambda path: AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
                merged = PeftModel.from_pretrained(load(base), tuned + "/adapter").merge_and_unload().state_dict()
                ours = load(tuned + "/model").state_dict()
                assert merged.keys() == ours.keys()
                for name, tensor in merged.items():
                    torch.testing.assert_close(ours[name], tensor, rtol=0, atol=1e-5, msg=name)
                torch.manual_seed(1)
                model = get_peft_model(load(base), LoraConfig(
                    task_type="CAUSAL_LM", r=3, lora_alpha=6, target_modules=["q_proj", "v_proj"], init_lora_weights=False))
                model.save_pretrained(theirs)
                """, BASE, tuned, theirs);
    }

    @AfterAll
    static void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    @Test
    void finetuneWritesTheAdapterBesideTheModelWithItMergedIn() throws IOException {
        JsonNode config = json(tuned.resolve("adapter/adapter_config.json"));
        assertThat(config.get("base_model_name_or_path").asText()).isEqualTo(BASE.toString());
        assertThat(config.get("r").asInt()).isEqualTo(4);
        assertThat(config.get("lora_dropout").asDouble()).isEqualTo(0.1);
        assertThat(tuned.resolve("adapter/README.md")).content().contains("library_name: peft");
        assertThat(tuned.resolve("model/adapter")).doesNotExist();
        assertThat(json(tuned.resolve("model/metrics.json"))
                        .at("/metrics/parameters")
                        .asInt())
                .isEqualTo(parameters(tuned.resolve("adapter")).length);
    }

    @Test
    void trainingGoesOnFromAnAdapterOfPeft() throws Exception {
        // An update of warm-up begins at a learning rate of 0.
        Path still = finetune("still", "lora.init=" + theirs, "train.max_steps=1", "train.warmup_steps=1");
        assertThat(parameters(still.resolve("adapter"))).isEqualTo(parameters(theirs));
        assertThat(json(still.resolve("adapter/adapter_config.json")).get("r").asInt())
                .isEqualTo(3);

        Path moved = finetune("moved", "lora.init=" + theirs, "train.max_steps=3");
        assertThat(parameters(moved.resolve("adapter"))).isNotEqualTo(parameters(theirs));
    }

    @Test
    void severalAdaptersAnswerOnOneBaseAsTheirMergedModelsDo() throws Exception {
        EvaluateJob.main(arguments(
                "evaluated",
                "evaluate.name=adapters",
                "evaluate.model=" + BASE,
                "evaluate.adapter=[tuned@" + tuned.resolve("adapter") + ", theirs@" + theirs + "]"));
        EvaluateJob.main(arguments("evaluated", "evaluate.name=merged", "evaluate.model=" + tuned.resolve("model")));
        EvaluateJob.main(
                arguments("evaluated", "evaluate.name=alone", "evaluate.model=" + BASE, "evaluate.adapter=" + theirs));

        Path evaluated = root.resolve("evaluated/evaluate");
        Map<String, List<Double>> first = scores(evaluated.resolve("adapters/predictions"));
        Map<String, List<Double>> second = scores(evaluated.resolve("adapters/adapters/theirs/predictions"));
        assertAlike(first, scores(evaluated.resolve("merged/predictions")));
        assertThat(second).isEqualTo(scores(evaluated.resolve("alone/predictions")));
        assertThat(second).isNotEqualTo(first);
        JsonNode results = json(evaluated.resolve("adapters/metrics.json")).at("/metrics/results");
        assertThat(results)
                .extracting(result -> result.get("adapter").asText())
                .contains(tuned.resolve("adapter").toString(), theirs.toString());
        assertThat(evaluated.resolve("adapters/report.html")).content().contains("tuned", "theirs");
    }

    @Test
    void generateWritesWithAnAdapterWhatItsMergedModelWrites() throws Exception {
        GenerateJob.main(arguments("with", "generate.model=" + BASE, "generate.adapter=" + tuned.resolve("adapter")));
        GenerateJob.main(arguments("merged", "generate.model=" + tuned.resolve("model")));
        GenerateJob.main(arguments("base", "generate.model=" + BASE));

        assertThat(completions("with")).hasSize(10).isEqualTo(completions("merged"));
        assertThat(completions("base")).isNotEqualTo(completions("with"));
    }

    @Test
    void anAdapterThatCannotBeReadIsNamedByEachJob() throws Exception {
        Path cut = Files.createDirectory(root.resolve("cut"));
        Files.copy(theirs.resolve("adapter_config.json"), cut.resolve("adapter_config.json"));
        byte[] weights = Files.readAllBytes(theirs.resolve("adapter_model.safetensors"));
        Files.write(cut.resolve("adapter_model.safetensors"), Arrays.copyOf(weights, weights.length / 2));

        assertThat(complaint(FinetuneJob::main, "train.method=lora", "lora.init=" + cut))
                .contains("sparktune finetune: lora.init: the safetensors file " + cut);
        assertThat(complaint(EvaluateJob::main, "evaluate.model=" + BASE, "evaluate.adapter=" + cut))
                .contains("sparktune evaluate: evaluate.adapter: the safetensors file " + cut);
        assertThat(complaint(GenerateJob::main, "generate.model=" + BASE, "generate.adapter=" + cut))
                .contains("sparktune generate: generate.adapter: the safetensors file " + cut);
    }

    @Test
    void anAdapterIsPartOfTheOutputAndNotAStartForTheRunThatReplacesIt() throws Exception {
        Path output = finetune("whole", "train.max_steps=1");
        Path moved = Files.move(output.resolve("adapter"), output.resolve("elsewhere"));
        assertThat(complaint(FinetuneJob::main, "train.method=lora", "train.max_steps=1", "output=" + output))
                .contains("sparktune finetune: file:" + output + "/adapter: is gone or was replaced, but belongs to the"
                        + " finished file:" + output + "/model; give --overwrite to make both anew");
        Files.move(moved, output.resolve("adapter"));

        List<String> again = new ArrayList<>(List.of(arguments(
                "whole", "train.method=lora", "train.max_steps=1", "lora.init=file:" + output + "/adapter/")));
        again.add("--overwrite");
        assertThatThrownBy(() -> FinetuneJob.main(again.toArray(String[]::new)))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(2));
    }

    @FunctionalInterface
    private interface Main {
        void main(String[] args) throws Exception;
    }

    /** What a job that fails says. */
    private static String complaint(Main job, String... sets) throws IOException {
        String[] arguments = arguments("refused", sets);
        PrintStream err = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThatThrownBy(() -> job.main(arguments))
                    .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                            .isEqualTo(1));
        } finally {
            System.setErr(err);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    private static Path finetune(String name, String... sets) throws Exception {
        List<String> all = new ArrayList<>(List.of("train.method=lora"));
        all.addAll(List.of(sets));
        FinetuneJob.main(arguments(name, all.toArray(String[]::new)));
        return root.resolve(name);
    }

    private static String[] arguments(String output, String... sets) throws IOException {
        Path config = Files.writeString(root.resolve("lora.yaml"), """
                data: %1$s/data
                model: {base: %2$s}
                train: {max_length: 64, global_batch_size: 8, max_steps: 12, learning_rate: 2.0e-2, seed: 3}
                evaluate: {split: validation, shots: [0]}
                generate: {input: %1$s/data/prompt_completion/validation, prompt_column: prompt, id_column: id, max_new_tokens: 4}
                """.formatted(root, BASE));
        List<String> arguments =
                new ArrayList<>(List.of("--config", config.toString(), "--set", "output=" + root.resolve(output)));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        return arguments.toArray(String[]::new);
    }

    private static float[] parameters(Path adapter) {
        HfModel.Loaded base = HfModel.load(BASE, DataType.FLOAT);
        try {
            return HfAdapter.load(adapter, base.decoder(), base.info())
                    .parameters()
                    .toFloatVector();
        } finally {
            base.decoder().close();
        }
    }

    /** How each choice was rated, by the example. */
    private static Map<String, List<Double>> scores(Path predictions) {
        Map<String, List<Double>> scores = new HashMap<>();
        for (Row row : read(predictions)) {
            scores.put(row.getAs("id"), row.getList(row.fieldIndex("choice_scores")));
        }
        assertThat(scores).hasSize(10);
        return scores;
    }

    private static void assertAlike(Map<String, List<Double>> one, Map<String, List<Double>> other) {
        assertThat(one.keySet()).isEqualTo(other.keySet());
        one.forEach((id, scores) -> assertThat(scores)
                .as(id)
                .usingComparatorForType((a, b) -> Math.abs(a - b) < 1e-3 ? 0 : Double.compare(a, b), Double.class)
                .isEqualTo(other.get(id)));
    }

    private static Map<String, String> completions(String name) {
        Map<String, String> completions = new HashMap<>();
        for (Row row : read(root.resolve(name).resolve("generate/completions"))) {
            completions.put(row.getAs("id"), row.getAs("completion"));
        }
        return completions;
    }

    private static List<Row> read(Path parquet) {
        return LocalSpark.session().read().parquet(parquet.toUri().toString()).collectAsList();
    }

    private static JsonNode json(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
