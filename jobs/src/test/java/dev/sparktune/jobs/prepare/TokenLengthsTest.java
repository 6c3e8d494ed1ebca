package dev.sparktune.jobs.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.token.Tokenizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenLengthsTest {
    private static final Path TOKENIZER =
            Path.of("../conf/tiny-base").toAbsolutePath().normalize();
    /** a, ␣H, ow, ␣many, ␣st, ars, ?, ␣5 by the vocabulary, and the end. */
    private static final int HAND_COUNTED = 9;

    @TempDir
    Path directory;

    @Test
    void tokensOfEveryExampleAreCountedAsFinetuneCountsThem() throws Exception {
        List<Row> rows = Reviews.good(60);
        rows.add(Reviews.review("LONG", "L", 5, "Long", "It broke after two days. ".repeat(40)));
        PreparedData data = prepare(rows, "examples.tokenizer=" + TOKENIZER, "train.max_length=100");

        long all = 0;
        long longest = 0;
        long examples = 0;
        try (Tokenizer tokenizer = Tokenizer.load(TOKENIZER.resolve("tokenizer.json"))) {
            for (String split : List.of("train", "validation", "test")) {
                for (Example example : data.examples(split)) {
                    if (example.task().equals("rate")) {
                        // any id that the text does not end by
                        long tokens = tokenizer
                                .encode(example.prompt(), example.completion(), Integer.MAX_VALUE)
                                .example()
                                .ids()
                                .length;
                        all += tokens;
                        longest = Math.max(longest, tokens);
                        examples++;
                    }
                }
            }
        }
        JsonNode lengths =
                new ObjectMapper().readTree(data.text("manifest.json")).get("lengths");
        JsonNode rate = lengths.at("/tokens/rate");
        assertThat(examples).isEqualTo(61);
        assertThat(rate.get("examples").asLong()).isEqualTo(61);
        assertThat(rate.get("mean").asDouble()).isEqualTo((double) all / examples);
        assertThat(rate.get("longest").asLong()).isEqualTo(longest).isGreaterThan(100);
        assertThat(rate.get("over_max_length").asLong()).isEqualTo(1);
        assertThat(rate.get("p50").asLong()).isLessThan(100);
        assertThat(lengths.get("max_length").asInt()).isEqualTo(100);
        assertThat(lengths.get("tokenizer").asText()).isEqualTo(TOKENIZER.toString());
        assertThat(data.result().counts()).containsEntry("over_max_length", 2L);
        assertThat(data.result().summary())
                .contains("2 of 122 examples have more tokens than train.max_length (100)\n");
    }

    @Test
    void oneTextCountedByHand() throws Exception {
        PreparedData data = prepare(
                List.of(Reviews.review("A", "A", 5, "Hm", "a")),
                "examples.tokenizer=" + TOKENIZER.resolve("tokenizer.json"));
        JsonNode lengths =
                new ObjectMapper().readTree(data.text("manifest.json")).get("lengths");

        assertThat(lengths.at("/characters/rate/longest").asInt())
                .as("'a How many stars?' and ' 5'")
                .isEqualTo(17 + 2);
        try (Tokenizer tokenizer = Tokenizer.load(TOKENIZER.resolve("tokenizer.json"))) {
            assertThat(tokenizer.encode("a How many stars? 5", true)).hasSize(HAND_COUNTED - 1);
        }
        assertThat(lengths.at("/tokens/rate/longest").asInt()).isEqualTo(HAND_COUNTED);
    }

    @Test
    void withoutATokenizerOnlyCharactersAreCounted() throws Exception {
        PreparedData data = prepare(Reviews.good(5));
        JsonNode lengths =
                new ObjectMapper().readTree(data.text("manifest.json")).get("lengths");

        assertThat(lengths.fieldNames()).toIterable().containsExactly("characters");
        assertThat(lengths.at("/characters/summarise/examples").asInt()).isEqualTo(5);
        assertThat(data.result().counts()).doesNotContainKey("over_max_length");
        assertThat(data.result().summary()).doesNotContain("max_length");
    }

    @Test
    void whatIsNoTokenizerIsSaidBeforeAnythingIsWritten() throws Exception {
        Path wrong = Files.writeString(directory.resolve("tokenizer.json"), "{}");
        assertThatThrownBy(() -> prepare(Reviews.good(5), "examples.tokenizer=" + wrong))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith("examples.tokenizer: " + wrong + " is no tokenizer.json: ");
        assertThat(directory.resolve("out/data")).isEmptyDirectory();

        assertThatThrownBy(() -> prepare(Reviews.good(5), "examples.tokenizer=" + directory.resolve("none")))
                .isInstanceOf(JobFailure.class)
                .hasMessage("examples.tokenizer: " + directory.resolve("none")
                        + ": neither a tokenizer.json nor a directory that has one");
    }

    private PreparedData prepare(List<Row> rows, String... sets) throws Exception {
        Path in = directory.resolve("in");
        if (!Files.exists(in)) {
            Reviews.write(in, rows, 1, 1);
        }
        Path library = Reviews.templates(directory.resolve("library"));
        return PreparedData.prepare(directory.resolve("out/data"), """
                input: {path: %s}
                templates: {library: %s, dataset: reviews}
                split: {stratify: [star_rating]}
                """.formatted(in, library), List.of(sets));
    }
}
