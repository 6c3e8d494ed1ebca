package dev.sparktune.clean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.text.Normalizer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextCleanerTest {
    /** What dirty texts are made of. */
    private static final List<String> PIECES = List.of(
            "word",
            " ",
            "\n",
            ".",
            ",",
            "<",
            ">",
            "</",
            "<br />",
            "<b",
            "b>",
            "<!--",
            "-->",
            "&",
            "&amp;",
            "#34;",
            "&#",
            ";",
            "lt;",
            "@",
            "a@b.",
            "com",
            "www.",
            "http://",
            "4111",
            "1111",
            "555",
            "234",
            "5678",
            "-",
            "(",
            ")",
            "+1",
            "\uFFFD",
            "e\u0301",
            "\u0301",
            "\u0000",
            "\r",
            "\uFEFF",
            "👍",
            "é",
            "=",
            "'",
            "\"",
            "<script>",
            "</script",
            "0");

    private final TextCleaner all = new TextCleaner(EnumSet.allOf(CleaningStep.class));

    @Test
    void stepsAreDoneInTheirOrderAndNotedWhereTheyChangeSomething() {
        TextCleaner cleaner = new TextCleaner(List.of(CleaningStep.MASK_EMAIL, CleaningStep.HTML));
        TextCleaner.Cleaned cleaned = cleaner.clean("<b>joe</b>&#64;example.org");

        assertThat(cleaned.text()).isEqualTo("[EMAIL]");
        assertThat(CleaningStep.of(cleaned.steps())).containsExactly(CleaningStep.HTML, CleaningStep.MASK_EMAIL);
        assertThat(cleaner.clean("nothing to do")).isEqualTo(new TextCleaner.Cleaned("nothing to do", 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void whatIsCleanStaysClean(int seed) {
        Random random = new Random(seed);
        Pattern control = Pattern.compile("[\\p{Cc}&&[^\n\t]]");
        for (int i = 0; i < 2000; i++) {
            String dirty = dirty(random);
            String clean = all.clean(dirty).text();
            assertThat(clean).as(dirty).doesNotContain("\uFFFD", "\uFEFF").doesNotContainPattern(control);
            assertThat(Normalizer.isNormalized(CleaningStep.NFC.apply(dirty), Normalizer.Form.NFC))
                    .as(dirty)
                    .isTrue();
            // An entity may spell a tag or another entity, which stays as its writer meant it: but for that a second
            // turn does nothing.
            for (CleaningStep step : EnumSet.complementOf(EnumSet.of(CleaningStep.HTML, CleaningStep.NFC))) {
                String once = step.apply(dirty);
                assertThat(step.apply(once)).as("%s of %s", step, dirty).isEqualTo(once);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(CleaningStep.class)
    void cleanTextIsNotCopied(CleaningStep step) {
        String clean = "A 1875 watt dryer, 5 of 5; quiet (for once) & light.\nBought 2 in 2015 — très bien 👍 @home";
        assertThat(step.apply(clean)).isSameAs(clean);
    }

    @ParameterizedTest
    @MethodSource
    void hostileTextCostsNoMoreThanItsLength(String piece) {
        String hostile = piece.repeat(2_000_000 / piece.length());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (CleaningStep step : CleaningStep.values()) {
                step.apply(hostile);
                step.apply("a" + hostile + "b");
            }
        });
    }

    static Stream<String> hostileTextCostsNoMoreThanItsLength() {
        return Stream.of(
                "<",
                "<b ",
                "<a href=",
                "<!--",
                "<script>",
                "</",
                "&",
                "&amp",
                "&#",
                "&#1",
                "@",
                "a@",
                "a@b.",
                "a.",
                "www.",
                "http://",
                "(",
                "4",
                "4-",
                "4111 ",
                "555-",
                "(555) ",
                "+1 ",
                "0 ",
                "\uFFFD",
                "a\uFFFD",
                "\u0301",
                "\u0316\u0301",
                "\u0301".repeat(500_000) + "\u0316".repeat(500_000),
                "\r",
                "\u1112\u1161\u11ab",
                "😀\u0301");
    }

    private static String dirty(Random random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(40); length > 0; length--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }
}
