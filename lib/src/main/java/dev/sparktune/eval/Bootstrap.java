package dev.sparktune.eval;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Percentile bootstrap: the metric over examples drawn with replacement, many times; the interval is what the middle
 * share of those values covers (Efron, "Bootstrap methods: another look at the jackknife", 1979). The same seed and
 * number of examples draw the same samples, so that two models are compared on the same ones.
 *
 * @param resamples how many samples are drawn
 * @param confidence share of them inside the interval, such as 0.95
 * @param seed of the draws
 */
public record Bootstrap(int resamples, double confidence, long seed) {
    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    public Bootstrap {
        if (resamples < 1) {
            throw new IllegalArgumentException("bootstrap resamples must be at least 1, but are " + resamples);
        }
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must be between 0 and 1, but is " + confidence);
        }
    }

    /** The metric over examples {@code 0 .. examples - 1}, with its interval; all NaN when there is no example. */
    public Interval interval(int examples, Metric metric) {
        return spread(examples, metric::over);
    }

    /** How far {@code metric} lies above {@code baseline} on the same examples: the paired bootstrap. */
    public Interval difference(int examples, Metric metric, Metric baseline) {
        return spread(examples, sample -> metric.over(sample) - baseline.over(sample));
    }

    private Interval spread(int examples, ToDoubleFunction<int[]> metric) {
        if (examples == 0) {
            return new Interval(Double.NaN, Double.NaN, Double.NaN);
        }
        double[] values = new double[resamples];
        int[] sample = new int[examples];
        for (int r = 0; r < resamples; r++) {
            for (int i = 0; i < examples; i++) {
                sample[i] = draw((long) r * examples + i, examples);
            }
            values[r] = metric.applyAsDouble(sample);
        }
        Arrays.sort(values);
        double tail = (1 - confidence) / 2;
        double value = metric.applyAsDouble(IntStream.range(0, examples).toArray());
        return new Interval(value, quantile(values, tail), quantile(values, 1 - tail));
    }

    /** A number below {@code bound}, by counter: SplitMix64's mix of the counter-th state. */
    private int draw(long counter, int bound) {
        long z = seed + GOLDEN_GAMMA * (counter + 1);
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (int) (((z >>> 33) * bound) >>> 31);
    }

    /** Linear between the two nearest order statistics, as numpy's {@code quantile}. */
    private static double quantile(double[] sorted, double share) {
        double position = share * (sorted.length - 1);
        int below = (int) position;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
    }
}
