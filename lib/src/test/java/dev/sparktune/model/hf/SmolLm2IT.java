package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.KvCache;
import dev.sparktune.template.ChatTemplate;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.SmolLm2;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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

    private static final int NEW_TOKENS = 64;

    private static final List<String> TEN_PROMPTS = List.of(
            "The capital of France is",
            "Once upon a time there was a hair dryer that",
            "Write a short review of a microwave that broke after two weeks.",
            "List three reasons to read books:\n1.",
            "def fibonacci(n):\n",
            "What is 12 times 12?",
            "Translate to German: The weather is nice today.",
            "Stars: 5\nTitle: Best pacifier ever\nReview:",
            "Why is the sky blue?",
            "In 1969, Neil Armstrong");

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
    void greedyTokensAreThoseOfTransformersRawAndAsChat() throws IOException {
        Path file = Files.write(scratch.resolve("prompts.json"), MAPPER.writeValueAsBytes(TEN_PROMPTS));
        JsonNode expected = MAPPER.readTree(
                PythonEnv.run(ProjectRoot.resolve("scripts/reference/greedy.py"), model, file, NEW_TOKENS));
        ChatTemplate template = ChatTemplate.ofTokenizerConfig(
                "SmolLM2", Files.readString(model.resolve("tokenizer_config.json")), Clock.systemUTC());

        try (Decoder decoder = HfModel.load(model, DataType.FLOAT).decoder();
                Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            List<int[]> raw = tokenizer.encodeAll(TEN_PROMPTS, true);
            List<int[]> chat = TEN_PROMPTS.stream()
                    .map(prompt ->
                            new ChatTemplate.Conversation(List.of(Map.of("role", "user", "content", prompt)), true))
                    .map(conversation -> tokenizer.encode(template.render(conversation), false))
                    .toList();
            assertGreedy(expected.get("raw"), raw, decoder);
            assertGreedy(expected.get("chat"), chat, decoder);
        }
    }

    private static void assertGreedy(JsonNode expected, List<int[]> prompts, Decoder decoder) {
        int[][] written = greedy(prompts, decoder);
        assertThat(expected).hasSize(prompts.size());
        for (int p = 0; p < written.length; p++) {
            String where = "/" + p;
            assertThat(prompts.get(p))
                    .as("prompt %d", p)
                    .isEqualTo(MAPPER.convertValue(expected.at(where + "/prompt"), int[].class));
            assertThat(written[p])
                    .as("tokens for prompt %d", p)
                    .isEqualTo(MAPPER.convertValue(expected.at(where + "/greedy"), int[].class));
        }
    }

    /** {@code [prompts][NEW_TOKENS]}, all prompts in one batch. */
    private static int[][] greedy(List<int[]> prompts, Decoder decoder) {
        int longest = prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
        int[][] written = new int[prompts.size()][NEW_TOKENS];
        try (KvCache cache = decoder.newCache(prompts.size(), longest + NEW_TOKENS)) {
            int[][] next = prompts.toArray(int[][]::new);
            for (int step = 0; step < NEW_TOKENS; step++) {
                int[] best = decoder.step(cache, next).argMax(1).toIntVector();
                next = new int[best.length][];
                for (int p = 0; p < best.length; p++) {
                    written[p][step] = best[p];
                    next[p] = new int[] {best[p]};
                }
            }
        }
        return written;
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
