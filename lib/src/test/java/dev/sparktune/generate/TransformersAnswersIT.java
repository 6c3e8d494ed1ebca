package dev.sparktune.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.ExampleReader;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.SaveDtype;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.PythonEnv;
import dev.sparktune.testing.Shared;
import dev.sparktune.testing.SmolLm2;
import dev.sparktune.token.ByteLevelTokenizer;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** Choices are rated, and completions written, as by transformers. */
class TransformersAnswersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int NEW_TOKENS = 16;

    /** A prompt and the texts to choose from, each with its leading space. */
    record Question(String prompt, List<String> choices) {}

    @TempDir
    Path scratch;

    @Test
    void aRandomModelAnswersAsInTransformers() throws IOException {
        List<Question> questions = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            List<String> choices = i % 2 == 0 ? List.of(" 1", " 2", " 3") : List.of(" x", " positive", " 好 👍");
            questions.add(new Question("Review ".repeat(1 + i) + i + ":", choices));
        }
        assertAnswersAsTransformers(randomModel(), questions, 1e-4);
    }

    @Test
    void smolLm2RatesReviewsAsInTransformers() throws IOException {
        Path model = SmolLm2.require();
        Path reviews = Shared.require("data/amazon-ratings/test_2000.parquet");
        List<Question> questions = new ArrayList<>();
        try (ExampleReader reader =
                ExampleReader.open(new Configuration(), new org.apache.hadoop.fs.Path(reviews.toUri()))) {
            while (questions.size() < 24) {
                questions.add(new Question(reader.next().prompt(), List.of(" 1", " 2", " 3", " 4", " 5")));
            }
        }
        assertAnswersAsTransformers(model, questions, 2e-3);
    }

    private void assertAnswersAsTransformers(Path model, List<Question> questions, double tolerance)
            throws IOException {
        Path file = Files.write(scratch.resolve("questions.json"), JSON.writeValueAsBytes(questions));
        JsonNode expected = JSON.readTree(
                PythonEnv.run(ProjectRoot.resolve("scripts/reference/answers.py"), model, file, NEW_TOKENS));
        try (Decoder decoder = HfModel.load(model, DataType.FLOAT).decoder();
                Tokenizer tokenizer = Tokenizer.load(model.resolve("tokenizer.json"))) {
            List<List<TokenizedExample>> candidates = questions.stream()
                    .map(q -> q.choices().stream()
                            .map(choice ->
                                    tokenizer.encode(q.prompt(), choice, -1).example())
                            .toList())
                    .toList();
            List<double[]> scores = new ChoiceScorer(decoder).score(candidates, TinyDecoder.UNHEARD);
            List<int[]> prompts = questions.stream()
                    .map(q -> tokenizer.encode(q.prompt(), true))
                    .toList();
            List<Completion> completions = new Generator(decoder, tokenizer, Set.of())
                    .generate(prompts, GenerateOptions.greedy(NEW_TOKENS), TinyDecoder.UNHEARD);
            for (int q = 0; q < questions.size(); q++) {
                double[] theirs = JSON.convertValue(expected.at("/" + q + "/scores"), double[].class);
                assertThat(scores.get(q)).as("question %d", q).containsExactly(theirs, within(tolerance));
                assertThat(best(scores.get(q))).isEqualTo(best(theirs));
                assertThat(completions.get(q).text())
                        .isEqualTo(tokenizer.decode(
                                JSON.convertValue(expected.at("/" + q + "/greedy"), int[].class), true));
            }
        }
    }

    private static int best(double[] scores) {
        double highest = Arrays.stream(scores).max().orElseThrow();
        int at = 0;
        while (scores[at] < highest) {
            at++;
        }
        return at;
    }

    private Path randomModel() throws IOException {
        Path base = Files.createDirectory(scratch.resolve("base"));
        Files.writeString(base.resolve("config.json"), """
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 260, "hidden_size": 16,
                 "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
                 "head_dim": 4, "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "rope_theta": 10000,
                 "tie_word_embeddings": true, "bos_token_id": 256, "eos_token_id": 257}""");
        ByteLevelTokenizer.write(base);
        DecoderConfig config = ModelInfo.read(base).decoderConfig();
        try (Decoder decoder = Decoder.create(config, DataType.FLOAT)) {
            decoder.initialize(5, 0.4);
            HfModel.save(scratch.resolve("model"), decoder, base, SaveDtype.FLOAT32);
        }
        return scratch.resolve("model");
    }
}
