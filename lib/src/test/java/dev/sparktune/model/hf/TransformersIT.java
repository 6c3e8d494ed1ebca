package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.model.Decoder;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;

/** Models that transformers writes are read, and those that we write are read by transformers: the same logits. */
class TransformersIT {
    private static final List<int[]> SEQUENCES = List.of(
            new int[] {1, 5, 96, 0, 33, 33, 2, 71, 12, 50, 4},
            new int[] {7},
            IntStream.range(0, 50).map(i -> i * 37 % 97).toArray());

    /** Written by transformers (random_llama.py) → how we save it again. */
    private static final Map<String, SaveDtype> MODELS = Map.of(
            "float32", SaveDtype.FLOAT32,
            "float32-untied", SaveDtype.FLOAT16,
            "bfloat16", SaveDtype.BFLOAT16,
            "float16-shards", SaveDtype.FLOAT32,
            "bfloat16-shards", SaveDtype.BFLOAT16);

    @TempDir
    private static Path directory;

    private static Map<Path, float[][]> logits;

    @BeforeAll
    static void makeModels() throws IOException {
        PythonEnv.run(ProjectRoot.resolve("scripts/reference/random_llama.py"), directory);
        List<Path> models = new ArrayList<>();
        for (Map.Entry<String, SaveDtype> model : MODELS.entrySet()) {
            try (Decoder decoder =
                    HfModel.load(theirs(model.getKey()), DataType.FLOAT).decoder()) {
                decoder.parameters().muli(1.125f); // other weights than those of the file
                HfModel.save(ours(model.getKey()), decoder, theirs(model.getKey()), model.getValue());
            }
            models.add(theirs(model.getKey()));
            models.add(ours(model.getKey()));
        }
        logits = TransformersLogits.of(models, SEQUENCES, directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float32-untied", "bfloat16", "float16-shards", "bfloat16-shards"})
    void logitsAreThoseOfTransformers(String name) {
        for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
            try (Decoder decoder = HfModel.load(theirs(name), type).decoder()) {
                assertThat(TransformersLogits.largestDifference(logits.get(theirs(name)), decoder, SEQUENCES))
                        .isLessThan(1e-4);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float32-untied", "bfloat16", "float16-shards", "bfloat16-shards"})
    void transformersLoadsWhatIsSaved(String name) {
        Path again = directory.resolve("again-" + name);
        try (Decoder decoder = HfModel.load(ours(name), DataType.FLOAT).decoder()) {
            assertThat(TransformersLogits.largestDifference(logits.get(ours(name)), decoder, SEQUENCES))
                    .isLessThan(1e-4);
            HfModel.save(again, decoder, ours(name), MODELS.get(name));
        }
        for (String file : List.of("model.safetensors", "config.json", "generation_config.json")) {
            assertThat(again.resolve(file)).hasSameBinaryContentAs(ours(name).resolve(file));
        }
    }

    @Test
    void whatTransformersSavesFromOursIsBitForBitOurs() {
        Path resaved = directory.resolve("resaved");
        PythonEnv.runSource("""
                import sys
                from transformers import AutoModelForCausalLM
                AutoModelForCausalLM.from_pretrained(sys.argv[1]).save_pretrained(sys.argv[2], max_shard_size="30KB")
                """, ours("float32"), resaved);

        assertThat(resaved.resolve("model.safetensors.index.json")).exists();
        try (Decoder expected = HfModel.load(ours("float32"), DataType.FLOAT).decoder();
                Decoder decoder = HfModel.load(resaved, DataType.FLOAT).decoder()) {
            assertThat(decoder.parameters().toFloatVector())
                    .isEqualTo(expected.parameters().toFloatVector());
        }
    }

    private static Path theirs(String name) {
        return directory.resolve(name);
    }

    private static Path ours(String name) {
        return directory.resolve("ours-" + name);
    }
}
