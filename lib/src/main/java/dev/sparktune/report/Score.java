package dev.sparktune.report;

import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import java.util.Optional;

/**
 * A measure of the model, of its baseline, and the difference (model less baseline) over the examples of both.
 */
public record Score(Measure measure, Interval model, Optional<Interval> baseline, Optional<Interval> difference) {

    /** {@code gained}, {@code lost}, or {@code no clear change} when the difference's interval holds 0. */
    public String verdict() {
        return difference
                .map(d -> !d.excludesZero()
                        ? "no clear change"
                        : d.value() > 0 != measure.lowerIsBetter() ? "gained" : "lost")
                .orElse("");
    }

    public boolean gained() {
        return verdict().equals("gained");
    }

    public boolean lost() {
        return verdict().equals("lost");
    }

    public String modelText() {
        return measure.format(model.value());
    }

    public String modelRange() {
        return range(model);
    }

    public String baselineText() {
        return baseline.map(b -> measure.format(b.value())).orElse("");
    }

    public String baselineRange() {
        return baseline.map(this::range).orElse("");
    }

    /** {@code +47.5 points} or {@code −0.021}. */
    public String differenceText() {
        String unit = measure.share() ? " points" : "";
        return difference.map(d -> measure.formatDifference(d.value()) + unit).orElse("");
    }

    public String differenceRange() {
        return difference
                .map(d -> measure.formatDifference(d.low()) + " to " + measure.formatDifference(d.high()))
                .orElse("");
    }

    private String range(Interval interval) {
        return measure.format(interval.low()) + " – " + measure.format(interval.high());
    }
}
