package dev.sparktune.jobs.train;

import org.apache.spark.util.AccumulatorV2;

/** An accumulator of one task that has the value which was added last, such as a loss; Spark's own add up. */
final class LatestValue extends AccumulatorV2<Double, Double> {
    private static final long serialVersionUID = 1L;

    /** NaN before the first; Spark's heartbeat reads it on a thread of its own. */
    private volatile double latest = Double.NaN;

    @Override
    public boolean isZero() {
        return Double.isNaN(latest);
    }

    @Override
    public AccumulatorV2<Double, Double> copy() {
        LatestValue copy = new LatestValue();
        copy.latest = latest;
        return copy;
    }

    @Override
    public void reset() {
        latest = Double.NaN;
    }

    @Override
    public void add(Double value) {
        latest = value;
    }

    @Override
    public void merge(AccumulatorV2<Double, Double> other) {
        if (!other.isZero()) {
            latest = other.value();
        }
    }

    @Override
    public Double value() {
        return latest;
    }
}
