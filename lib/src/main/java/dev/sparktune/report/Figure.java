package dev.sparktune.report;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;

/** One measure of one model. */
public record Figure(Measure measure, Interval interval) {
    /** {@code 72.4 %} or {@code 0.639}. */
    public String text() {
        return measure.format(interval.value());
    }

    /** {@code 68.6 % – 76.0 %}. */
    public String range() {
        return measure.format(interval.low()) + " – " + measure.format(interval.high());
    }
}
