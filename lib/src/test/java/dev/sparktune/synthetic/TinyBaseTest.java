package dev.sparktune.synthetic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.token.Tokenizer;
import dev.sparktune.token.Tokenizer.Encoded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The tiny base model that is shipped in conf, and its tokenizer. */
class TinyBaseTest {
    private static final Path TINY_BASE = Path.of("../conf/tiny-base");
    private static final String RATE = "Review: It works great.\nHow many stars, from 1 to 5, does this review give?";

    @Test
    void ratingsAreOneTokenBehindTheSamePrompt() {
        try (Tokenizer tokenizer = Tokenizer.load(TINY_BASE.resolve("tokenizer.json"))) {
            int[] prompt = tokenizer.encode(RATE, false);
            for (int stars = 1; stars <= 5; stars++) {
                Encoded encoded = tokenizer.encode(RATE, " " + stars, -1);

                assertThat(encoded.boundaryMoved()).isFalse();
                assertThat(Arrays.copyOf(encoded.example().ids(), prompt.length))
                        .isEqualTo(prompt);
                assertThat(encoded.example().targets()).isEqualTo(1);
            }
        }
    }

    @Test
    void numbersAreCutIntoDigitsAndAnyTextComesBack() {
        try (Tokenizer tokenizer = Tokenizer.load(TINY_BASE.resolve("tokenizer.json"))) {
            assertThat(tokenizer.vocabSize()).isEqualTo(1024);
            assertThat(tokenizer.encode(" 2015", false)).hasSize(4);
            String dirty = "OK 👍🏽 {{ 7*7 }} ||| <br />\n\tnaïve \uFFFD";
            assertThat(tokenizer.decode(tokenizer.encode(dirty, false), false)).isEqualTo(dirty);
        }
    }

    @Test
    void theDirectoryTakesAtMostThreeMegabytes() throws IOException {
        long bytes = 0;
        try (var files = Files.list(TINY_BASE)) {
            for (Path file : files.toList()) {
                bytes += Files.size(file);
            }
        }
        assertThat(bytes).isBetween(1_000_000L, 3L << 20);
    }
}
