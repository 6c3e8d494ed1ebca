package dev.sparktune.train;

import java.io.Serializable;

/**
 * When a run ends before its last update, as transformers' {@code EarlyStoppingCallback} decides it on the validation loss: once
 * so many evaluations in a row were not lower than the lowest before them by more than the threshold.
 *
 * @param patience evaluations, {@code early_stopping_patience}; 0: never
 * @param threshold nats, {@code early_stopping_threshold}
 */
public record EarlyStopping(int patience, double threshold) implements Serializable {
    /** The run goes on to its last update. */
    public static final EarlyStopping NEVER = new EarlyStopping(0, 0);

    public EarlyStopping {
        if (patience < 0) {
            throw new IllegalArgumentException("early_stopping_patience must be at least 0, but is " + patience);
        }
        if (!(threshold >= 0) || Double.isInfinite(threshold)) {
            throw new IllegalArgumentException(
                    "early_stopping_threshold must be finite and at least 0, but is " + threshold);
        }
    }

    /** @param best the lowest loss before this one; null for the first */
    boolean isGain(double evalLoss, TrainingState.Best best) {
        return best == null || best.evalLoss() - evalLoss > threshold;
    }

    /** @param evaluationsWithoutGain the last ones, in a row */
    boolean ends(int evaluationsWithoutGain) {
        return patience > 0 && evaluationsWithoutGain >= patience;
    }
}
