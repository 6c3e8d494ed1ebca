package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreTest {
    private static Score score(Measure measure, double difference, double low, double high) {
        Interval any = new Interval(0.5, 0.4, 0.6);
        return new Score(measure, any, Optional.of(any), Optional.of(new Interval(difference, low, high)));
    }

    @Test
    void aRiseIsAGainAndOfPerplexityALoss() {
        assertThat(score(Measure.ACCURACY, 0.1, 0.05, 0.15).verdict()).isEqualTo("gained");
        assertThat(score(Measure.PERPLEXITY, 0.1, 0.05, 0.15).verdict()).isEqualTo("lost");
        assertThat(score(Measure.PERPLEXITY, -0.1, -0.15, -0.05).verdict()).isEqualTo("gained");
        assertThat(score(Measure.ACCURACY, 0.1, -0.05, 0.15).verdict()).isEqualTo("no clear change");
    }

    @Test
    void figuresAreWrittenAsTheirMeasureIs() {
        Score accuracy = score(Measure.ACCURACY, -0.1, -0.15, -0.05);
        assertThat(accuracy.modelText()).isEqualTo("50.0 %");
        assertThat(accuracy.modelRange()).isEqualTo("40.0 % – 60.0 %");
        assertThat(accuracy.differenceText()).isEqualTo("−10.0 points");
        assertThat(accuracy.differenceRange()).isEqualTo("−15.0 to −5.0");
        assertThat(Measure.MACRO_F1.format(0.36512)).isEqualTo("0.365");
        assertThat(Measure.PERPLEXITY.format(12.412)).isEqualTo("12.41");
        assertThat(Measure.PERPLEXITY.format(1512.58)).isEqualTo("1513");
        assertThat(Measure.PERPLEXITY.format(1234567)).isEqualTo("1.23e+06");
        assertThat(Measure.PERPLEXITY.format(Double.POSITIVE_INFINITY)).isEqualTo("∞");
        assertThat(Measure.ACCURACY.format(Double.NaN)).isEqualTo("–");
    }
}
