package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.BlockListener;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.model.ParameterLayout.Tensor;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.ReferenceRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Small random models of every family give what they give in transformers and PyTorch: logits, gradients, training, and again
 * after export. scripts/reference/families.py makes them.
 */
class FamiliesIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path directory;

    private static List<TokenizedExample> examples;
    private static Map<Path, float[][]> logits;

    static Stream<String> models() throws IOException {
        makeModels();
        try (Stream<Path> made = Files.list(directory.resolve("theirs"))) {
            return made.map(path -> path.getFileName().toString()).sorted().toList().stream();
        }
    }

    @BeforeAll
    static void makeModels() throws IOException {
        if (logits != null) {
            return;
        }
        Path theirs = Files.createDirectory(directory.resolve("theirs"));
        PythonEnv.run(ProjectRoot.resolve("scripts/reference/families.py"), theirs);
        List<Path> models = new ArrayList<>();
        try (Stream<Path> made = Files.list(theirs)) {
            for (Path model : made.sorted().toList()) {
                String name = model.getFileName().toString();
                try (Decoder decoder = load(theirs(name), DataType.FLOAT)) {
                    decoder.parameters().muli(1.125f); // other weights than those of the file
                    HfModel.save(ours(name), decoder, theirs(name), saved(name));
                }
                models.add(theirs(name));
                models.add(ours(name));
                examples = ReferenceRun.examples(reference(name));
            }
        }
        logits = TransformersLogits.of(models, ids(), directory);
    }

    @ParameterizedTest
    @MethodSource("models")
    void logitsAreThoseOfTransformers(String name) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            for (Path model : List.of(theirs(name), ours(name))) {
                try (Decoder decoder = load(model, type)) {
                    assertThat(TransformersLogits.largestDifference(logits.get(model), decoder, ids()))
                            .as("%s in %s", model, type)
                            .isLessThan(1e-4);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossAndGradientsAreThoseOfPyTorch(String name) throws IOException {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            try (Decoder decoder = load(theirs(name), type);
                    Decoder expected =
                            load(directory.resolve("theirs").resolve(name).resolve("gradients"), type)) {
                double loss = decoder.forwardBackward(PackedBatch.of(examples), 1, BlockListener.NONE);
                assertThat(loss).isCloseTo(reference(name).get("loss").asDouble(), within(1e-3));
                // The gradient of a key's bias is 0 where heads are not turned: there, only rounding is left to
                // compare.
                double rounding = 1e-7 * expected.parameters().norm2Number().doubleValue();
                for (Tensor tensor : decoder.layout().tensors()) {
                    INDArray theirs = part(expected.parameters(), tensor);
                    double difference = part(decoder.gradients(), tensor)
                            .sub(theirs)
                            .norm2Number()
                            .doubleValue();
                    assertThat(difference)
                            .as("%s in %s", tensor.name(), type)
                            .isLessThan(1e-4 * theirs.norm2Number().doubleValue() + rounding);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void trainingIsThatOfPyTorch(String name) throws IOException {
        JsonNode reference = reference(name);
        try (Decoder decoder = load(theirs(name), DataType.FLOAT)) {
            ReferenceRun run = ReferenceRun.of(decoder, examples, Files.createTempDirectory(directory, "run"));
            for (int step = 0; step < 20; step++) {
                assertThat(run.losses().get(step))
                        .as("loss of update %d", step + 1)
                        .isCloseTo(reference.get("losses").get(step).asDouble(), within(1e-3));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void packedExamplesGiveWhatTheyGiveAlone(String name) {
        try (Decoder together = load(theirs(name), DataType.FLOAT);
                Decoder alone = load(theirs(name), DataType.FLOAT)) {
            double loss = 0;
            for (TokenizedExample example : examples) {
                loss += alone.forwardBackward(PackedBatch.of(List.of(example)), 1, BlockListener.NONE);
            }
            assertThat(together.forwardBackward(PackedBatch.of(examples), 1, BlockListener.NONE))
                    .isCloseTo(loss, within(1e-3));
            double size = alone.gradients().norm2Number().doubleValue();
            assertThat(together.gradients().sub(alone.gradients()).norm2Number().doubleValue())
                    .isLessThan(1e-5 * size);
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void tokenByTokenOverACacheGivesTheSameLogits(String name) {
        try (Decoder decoder = load(theirs(name), DataType.FLOAT);
                KvCache cache = decoder.newCache(1, 50)) {
            int[] ids = ids().get(0);
            for (int i = 0; i < ids.length; i++) {
                float[] ours = decoder.step(cache, new int[][] {{ids[i]}}).toFloatVector();
                assertThat(ours).as("token %d", i).containsExactly(logits.get(theirs(name))[i], within(1e-4f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void whatIsSavedComesBackBitForBit(String name) throws IOException {
        Path again = directory.resolve("again-" + name);
        try (Decoder decoder = load(ours(name), DataType.FLOAT)) {
            HfModel.save(again, decoder, ours(name), saved(name));
        }
        for (String file : List.of("model.safetensors", "config.json", "generation_config.json")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(ours(name).resolve(file));
        }
    }

    @Test
    void whatTransformersSavesFromOursIsBitForBitOurs() throws IOException {
        List<String> arguments = new ArrayList<>();
        for (String name : models().toList()) {
            arguments.addAll(List.of(ours(name).toString(), resaved(name).toString()));
        }
        PythonEnv.runSource("""
                import sys
                from transformers import AutoModelForCausalLM
                for ours, resaved in zip(sys.argv[1::2], sys.argv[2::2]):
                    AutoModelForCausalLM.from_pretrained(ours, dtype="auto").save_pretrained(resaved, max_shard_size="30KB")
                """, arguments.toArray());

        for (String name : models().toList()) {
            try (Decoder expected = load(ours(name), DataType.FLOAT);
                    Decoder decoder = load(resaved(name), DataType.FLOAT)) {
                assertThat(decoder.config()).isEqualTo(expected.config());
                assertThat(decoder.parameters().toFloatVector())
                        .as(name)
                        .isEqualTo(expected.parameters().toFloatVector());
            }
        }
    }

    private static INDArray part(INDArray flat, Tensor tensor) {
        return dev.sparktune.model.kernel.Views.vector(flat, tensor.offset(), tensor.length())
                .castTo(DataType.DOUBLE);
    }

    private static List<int[]> ids() {
        return examples.stream().map(TokenizedExample::ids).toList();
    }

    private static Decoder load(Path model, DataType type) {
        return HfModel.load(model, type).decoder();
    }

    private static JsonNode reference(String name) throws IOException {
        return MAPPER.readTree(directory
                .resolve("theirs")
                .resolve(name)
                .resolve("reference.json")
                .toFile());
    }

    /** Not always the type that it came in, so that all of them are written. */
    private static SaveDtype saved(String name) {
        return Arrays.asList("gpt2", "qwen2", "gpt_neox").contains(name) ? SaveDtype.BFLOAT16 : SaveDtype.FLOAT32;
    }

    private static Path theirs(String name) {
        return directory.resolve("theirs").resolve(name).resolve("model");
    }

    private static Path ours(String name) {
        return directory.resolve("ours-" + name);
    }

    private static Path resaved(String name) {
        return directory.resolve("resaved-" + name);
    }
}
