package dev.sparktune.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RougeLTest {
    @Test
    void countsTheWordsThatRunThroughBothInOrder() {
        // "the cat on mat" is common: 4 of 6 words of either.
        assertThat(RougeL.fMeasure("the cat sat on the mat", "the cat lay on a mat"))
                .isCloseTo(4 / 6.0, within(1e-15));
    }

    @Test
    void caseAndPunctuationDoNotCount() {
        assertThat(RougeL.fMeasure("Great, really great!", "great REALLY great"))
                .isEqualTo(1);
    }

    @Test
    void aTextWithoutWordsEarnsNothing() {
        assertThat(RougeL.fMeasure("", "")).isZero();
        assertThat(RougeL.fMeasure("word", "👍")).isZero();
    }
}
