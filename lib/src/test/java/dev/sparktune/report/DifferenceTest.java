package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import org.junit.jupiter.api.Test;

class DifferenceTest {
    private static Difference difference(Measure measure, double value, double low, double high) {
        return new Difference(measure, new Interval(value, low, high));
    }

    @Test
    void aRiseIsBetterAndOfPerplexityWorse() {
        assertThat(difference(Measure.ACCURACY, 0.1, 0.05, 0.15).better()).isTrue();
        assertThat(difference(Measure.PERPLEXITY, 0.1, 0.05, 0.15).worse()).isTrue();
        assertThat(difference(Measure.PERPLEXITY, -0.1, -0.15, -0.05).better()).isTrue();
    }

    @Test
    void aDifferenceThatMayBeNoneIsNeither() {
        Difference unclear = difference(Measure.ACCURACY, 0.1, -0.05, 0.15);

        assertThat(unclear.clear()).isFalse();
        assertThat(unclear.better()).isFalse();
        assertThat(unclear.worse()).isFalse();
    }

    @Test
    void figuresAreWrittenAsTheirMeasureIs() {
        Difference accuracy = difference(Measure.ACCURACY, -0.1, -0.15, -0.05);

        assertThat(accuracy.text()).isEqualTo("−10.0 points");
        assertThat(accuracy.size()).isEqualTo("10.0 points");
        assertThat(accuracy.range()).isEqualTo("−15.0 to −5.0");
        assertThat(difference(Measure.MACRO_F1, 0.021, 0, 0.1).text()).isEqualTo("+0.021");
    }
}
