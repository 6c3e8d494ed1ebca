package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import org.junit.jupiter.api.Test;

class FigureTest {
    @Test
    void figuresAreWrittenAsTheirMeasureIs() {
        Figure accuracy = new Figure(Measure.ACCURACY, new Interval(0.5, 0.4, 0.6));

        assertThat(accuracy.text()).isEqualTo("50.0 %");
        assertThat(accuracy.range()).isEqualTo("40.0 % – 60.0 %");
        assertThat(Measure.MACRO_F1.format(0.36512)).isEqualTo("0.365");
        assertThat(Measure.PERPLEXITY.format(12.412)).isEqualTo("12.41");
        assertThat(Measure.PERPLEXITY.format(1512.58)).isEqualTo("1513");
        assertThat(Measure.PERPLEXITY.format(1234567)).isEqualTo("1.23e+06");
        assertThat(Measure.PERPLEXITY.format(Double.POSITIVE_INFINITY)).isEqualTo("∞");
        assertThat(Measure.ACCURACY.format(Double.NaN)).isEqualTo("–");
    }
}
