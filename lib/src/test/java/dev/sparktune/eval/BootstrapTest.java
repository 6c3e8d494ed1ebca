package dev.sparktune.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BootstrapTest {
    private final Bootstrap bootstrap = new Bootstrap(1000, 0.95, 7);

    @Test
    void theIntervalOfAShareIsAboutTwoStandardErrorsWide() {
        double[] right = new double[400];
        Arrays.fill(right, 0, 280, 1);

        Interval accuracy = bootstrap.interval(400, Metric.mean(right));

        double standardError = Math.sqrt(0.7 * 0.3 / 400);
        assertThat(accuracy.value()).isEqualTo(0.7);
        assertThat(accuracy.low()).isCloseTo(0.7 - 1.96 * standardError, within(0.005));
        assertThat(accuracy.high()).isCloseTo(0.7 + 1.96 * standardError, within(0.005));
    }

    @Test
    void theSameSeedGivesTheSameIntervalAndAnotherAnother() {
        double[] values = {0, 1.37, 2.11, 3.93, 4.59, 5.71, 6.17};

        assertThat(bootstrap.interval(7, Metric.mean(values))).isEqualTo(bootstrap.interval(7, Metric.mean(values)));
        assertThat(new Bootstrap(1000, 0.95, 8).interval(7, Metric.mean(values)))
                .isNotEqualTo(bootstrap.interval(7, Metric.mean(values)));
    }

    @Test
    void aDifferenceThatEveryExampleSharesIsCertain() {
        Interval gain =
                bootstrap.difference(3, Metric.mean(new double[] {1, 5, 9}), Metric.mean(new double[] {0.5, 4.5, 8.5}));

        assertThat(gain.low()).isCloseTo(0.5, within(1e-12));
        assertThat(gain.high()).isCloseTo(0.5, within(1e-12));
        assertThat(gain.excludesZero()).isTrue();
        assertThat(bootstrap
                        .difference(3, Metric.mean(new double[] {1, 0, 1}), Metric.mean(new double[] {0, 1, 1}))
                        .excludesZero())
                .isFalse();
    }

    @Test
    void withoutExamplesThereIsNoFigure() {
        assertThat(bootstrap.interval(0, Metric.mean(new double[0])).value()).isNaN();
    }

    @Test
    void perplexityOfAFairCoinIsTwo() {
        Metric perplexity = Metric.perplexity(new double[] {Math.log(2), 3 * Math.log(2)}, new int[] {1, 3});

        assertThat(perplexity.over(new int[] {0, 1})).isCloseTo(2, within(1e-12));
    }

    @Test
    void impossibleSettingsAreNamed() {
        assertThatThrownBy(() -> new Bootstrap(0, 0.95, 1))
                .hasMessage("bootstrap resamples must be at least 1, but are 0");
        assertThatThrownBy(() -> new Bootstrap(10, 1.5, 1))
                .hasMessage("confidence must be between 0 and 1, but is 1.5");
    }
}
