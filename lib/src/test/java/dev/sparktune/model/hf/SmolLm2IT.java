package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Decoder;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.SmolLm2;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** SmolLM2-135M-Instruct in our decoder and tokenizer gives what it gives in transformers. */
class SmolLm2IT {
    private static final List<String> PROMPTS = List.of(
            "The capital of France is",
            "Review: The dryer stopped working after two weeks. Very disappointed!\nStars:",
            "<|im_start|>user\nSummarise: 很好的产品 👍 <br />works<|im_end|>\n<|im_start|>assistant\n");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    private static Path scratch;

    private static Path model;

    @BeforeAll
    static void convert() throws IOException {
        model = SmolLm2.require();
    }

    @Test
    void logitsAreThoseOfTransformers() throws IOException {
        List<int[]> sequences;
        try (Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            sequences = tokenizer.encodeAll(PROMPTS, true);
        }
        float[][] expected =
                TransformersLogits.of(List.of(model), sequences, scratch).get(model);
        try (Decoder decoder = HfModel.load(model, DataType.FLOAT).decoder()) {
            double difference = TransformersLogits.largestDifference(expected, decoder, sequences);
            System.err.println("SmolLM2-135M: the largest difference of a logit from transformers' is " + difference);
            // Of logits up to 40, float32 on both sides; transformers' own are up to 9.5e-5 from its float64 ones.
            assertThat(difference).isLessThan(5e-4);
        }
    }

    @Test
    void tokensAreThoseOfTransformers() throws IOException {
        List<String> texts = ReviewTexts.choose(500);
        Path file = Files.write(scratch.resolve("texts.json"), MAPPER.writeValueAsBytes(texts));
        JsonNode expected =
                MAPPER.readTree(PythonEnv.run(ProjectRoot.resolve("scripts/reference/hf_token_ids.py"), model, file));

        try (Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            assertThat(tokenizer.vocabSize()).isEqualTo(49152);
            for (int i = 0; i < texts.size(); i++) {
                int[] ids = tokenizer.encode(texts.get(i), false);
                assertThat(ids)
                        .as(texts.get(i))
                        .isEqualTo(MAPPER.convertValue(expected.at("/" + i + "/ids"), int[].class));
                assertThat(tokenizer.decode(ids, false))
                        .isEqualTo(expected.at("/" + i + "/text").asText());
            }
        }
    }
}
