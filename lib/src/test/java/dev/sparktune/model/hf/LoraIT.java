package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.BlockListener;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.ParameterLayout.Tensor;
import dev.sparktune.model.kernel.Views;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.ReferenceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * LoRA on small random models of every family gives what it gives in PEFT: logits, gradients, training, merged weights; PEFT loads
 * what we save. scripts/reference/lora.py makes them.
 */
class LoraIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path directory;

    @Test
    void isThatOfPeftInEveryFamily() throws IOException {
        PythonEnv.run(ProjectRoot.resolve("scripts/reference/lora.py"), directory);
        List<Path> cases;
        try (Stream<Path> made = Files.list(directory)) {
            cases = made.sorted().toList();
        }
        assertThat(cases).hasSizeGreaterThanOrEqualTo(10);
        List<Object> saved = new ArrayList<>();
        for (Path made : cases) {
            logitsAreThoseOfPeft(made);
            gradientsAreThoseOfPeft(made);
            trainingIsThatOfPeft(made);
            mergedWeightsAreThoseOfPeft(made);
            saved.addAll(List.of(made.resolve("base"), saveOurs(made), made.resolve("ours-logits")));
        }
        PythonEnv.runSource("""
                import json, sys, torch
                from pathlib import Path
                from peft import PeftModel
                from transformers import AutoModelForCausalLM
                for base, adapter, out in zip(sys.argv[1::3], sys.argv[2::3], sys.argv[3::3]):
                    model = AutoModelForCausalLM.from_pretrained(base, attn_implementation="eager")
                    model = PeftModel.from_pretrained(model, adapter).eval()
                    examples = json.loads((Path(base).parent / "reference.json").read_text())["examples"]
                    with torch.no_grad():
                        logits = [model(input_ids=torch.tensor([e["ids"]])).logits[0] for e in examples]
                    Path(out).write_bytes(torch.cat(logits).numpy().tobytes())
                """, saved.toArray());
        for (Path made : cases) {
            peftLoadsOurs(made);
        }
    }

    private static void logitsAreThoseOfPeft(Path made) throws IOException {
        float[][] expected = TransformersLogits.read(made.resolve("logits"), tokens(made));
        try (Decoder base = base(made)) {
            Decoder tuned = base.with(adapter(made, "adapter", base));
            assertThat(TransformersLogits.largestDifference(expected, tuned, ids(made)))
                    .as(made.toString())
                    .isLessThan(1e-4);
        }
    }

    private static void gradientsAreThoseOfPeft(Path made) throws IOException {
        try (Decoder base = base(made)) {
            Decoder tuned = base.with(adapter(made, "adapter", base));
            INDArray expected = adapter(made, "gradients", base).parameters();
            double loss = tuned.forwardBackward(PackedBatch.of(examples(made)), 1, BlockListener.NONE);
            assertThat(loss).isCloseTo(reference(made).get("loss").asDouble(), within(1e-3));
            for (Tensor tensor : tuned.trainedLayout().tensors()) {
                INDArray theirs = Views.vector(expected, tensor.offset(), tensor.length());
                INDArray ours = Views.vector(tuned.gradients(), tensor.offset(), tensor.length());
                assertThat(ours.sub(theirs).norm2Number().doubleValue())
                        .as("%s of %s", tensor.name(), made)
                        .isLessThan(1e-4 * theirs.norm2Number().doubleValue());
            }
        }
    }

    private static void trainingIsThatOfPeft(Path made) throws IOException {
        try (Decoder base = base(made)) {
            float[] before = base.parameters().toFloatVector();
            Decoder tuned = base.with(adapter(made, "adapter", base));
            List<Double> losses = ReferenceRun.of(tuned, examples(made), Files.createTempDirectory(made, "run"))
                    .losses();
            for (int step = 0; step < 20; step++) {
                assertThat(losses.get(step))
                        .as("loss of update %d of %s", step + 1, made)
                        .isCloseTo(reference(made).get("losses").get(step).asDouble(), within(1e-4));
            }
            assertThat(base.parameters().toFloatVector()).isEqualTo(before);
        }
    }

    private static void mergedWeightsAreThoseOfPeft(Path made) {
        try (Decoder base = base(made);
                Decoder merged =
                        HfModel.load(made.resolve("merged"), DataType.FLOAT).decoder()) {
            adapter(made, "adapter", base).mergeInto(base);
            assertThat(base.parameters().sub(merged.parameters()).amaxNumber().doubleValue())
                    .as(made.toString())
                    .isLessThan(1e-5);
        }
    }

    /** Another adapter than that of the file, as we save it. */
    private static Path saveOurs(Path made) {
        ModelInfo info = ModelInfo.read(made.resolve("base"));
        try (Decoder base = base(made)) {
            Adapter adapter = adapter(made, "adapter", base);
            adapter.parameters().muli(1.125f);
            Path ours = made.resolve("ours");
            HfAdapter.save(ours, adapter, HfAdapter.check(made.resolve("adapter"), info), info, "org/base");
            assertThat(HfAdapter.load(ours, base, info).parameters().toFloatVector())
                    .isEqualTo(adapter.parameters().toFloatVector());
            return ours;
        }
    }

    private static void peftLoadsOurs(Path made) throws IOException {
        try (Decoder base = base(made)) {
            Decoder tuned = base.with(adapter(made, "ours", base));
            float[][] theirs = TransformersLogits.read(made.resolve("ours-logits"), tokens(made));
            assertThat(TransformersLogits.largestDifference(theirs, tuned, ids(made)))
                    .as(made.toString())
                    .isLessThan(1e-4);
        }
    }

    private static Decoder base(Path made) {
        return HfModel.load(made.resolve("base"), DataType.FLOAT).decoder();
    }

    private static Adapter adapter(Path made, String name, Decoder base) {
        return HfAdapter.load(made.resolve(name), base, ModelInfo.read(made.resolve("base")));
    }

    private static JsonNode reference(Path made) throws IOException {
        return MAPPER.readTree(made.resolve("reference.json").toFile());
    }

    private static List<TokenizedExample> examples(Path made) throws IOException {
        return ReferenceRun.examples(reference(made));
    }

    private static List<int[]> ids(Path made) throws IOException {
        return examples(made).stream().map(TokenizedExample::ids).toList();
    }

    private static int tokens(Path made) throws IOException {
        return ids(made).stream().mapToInt(ids -> ids.length).sum();
    }
}
