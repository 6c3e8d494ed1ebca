package dev.sparktune.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionMatrixTest {
    private final ConfusionMatrix matrix = ConfusionMatrix.of(new int[] {0, 0, 1, 2}, new int[] {0, 1, 1, 1}, 3);

    @Test
    void countsTheArraysOfTheJavadoc() {
        assertThat(matrix.counts()).isDeepEqualTo(new long[][] {{1, 1, 0}, {0, 1, 0}, {0, 1, 0}});
        assertThat(matrix.accuracy()).isEqualTo(0.5);
        assertThat(matrix.macroF1()).isCloseTo(7 / 18.0, within(1e-15));
        assertThat(matrix.labelCounts()).containsExactly(2, 1, 1);
        assertThat(matrix.answerCounts()).containsExactly(1, 3, 0);
        assertThat(matrix.majorityClass()).isZero();
    }

    @Test
    void alwaysTheSameAnswerEarnsOneClassOnly() {
        ConfusionMatrix always = ConfusionMatrix.of(new int[] {0, 0, 0, 1}, new int[] {0, 0, 0, 0}, 2);

        assertThat(always.accuracy()).isEqualTo(0.75);
        assertThat(always.macroF1()).isCloseTo((6 / 7.0) / 2, within(1e-15));
    }

    @Test
    void aClassOutOfRangeIsNamed() {
        assertThatThrownBy(() -> ConfusionMatrix.of(new int[] {0}, new int[] {3}, 3))
                .hasMessage("class must be in [0, 3), but is 3");
        assertThatThrownBy(() -> ConfusionMatrix.of(new int[] {0}, new int[0], 3))
                .hasMessage("as many predictions as labels needed, but there are 0 for 1");
    }
}
