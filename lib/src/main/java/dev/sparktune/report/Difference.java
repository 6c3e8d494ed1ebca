package dev.sparktune.report;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;

/** How far one model's figure lies above another's over the same examples: below 0 where it lies under it. */
public record Difference(Measure measure, Interval interval) {
    public boolean better() {
        return clear() && interval.value() > 0 != measure.lowerIsBetter();
    }

    public boolean worse() {
        return clear() && !better();
    }

    /** Whether it is more than the draw of examples explains: its interval does not hold 0. */
    public boolean clear() {
        return interval.excludesZero();
    }

    /** {@code +47.5 points} or {@code −0.021}. */
    public String text() {
        return measure.formatDifference(interval.value()) + unit();
    }

    /** {@code 47.5 points} or {@code 0.021}. */
    public String size() {
        return measure.formatDifference(interval.value()).substring(1) + unit();
    }

    /** {@code +43.0 to +51.5}. */
    public String range() {
        return measure.formatDifference(interval.low()) + " to " + measure.formatDifference(interval.high());
    }

    private String unit() {
        return measure.share() ? " points" : "";
    }
}
