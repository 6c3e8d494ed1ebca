package dev.sparktune.train;

import java.io.Serializable;

/**
 * Where a run stands, besides its vectors; with them it decides everything that follows. The position in the data is not
 * kept: update {@code step} reads the examples from {@code step * global_batch_size} of the order on.
 *
 * @param step updates done
 * @param numInputTokensSeen prompts included
 * @param windowLoss sum of −log p since the log's last line
 * @param windowTargets completion tokens since the log's last line
 * @param trainLoss sum of −log p since the run began
 * @param trainTargets completion tokens since the run began
 * @param best the best evaluation so far, null before the first
 * @param evaluationsWithoutGain the last ones in a row, as {@link EarlyStopping} counts them
 */
public record TrainingState(
        int step,
        long numInputTokensSeen,
        double windowLoss,
        long windowTargets,
        double trainLoss,
        long trainTargets,
        Best best,
        int evaluationsWithoutGain) {
    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, null, 0);

    TrainingState afterUpdate(long tokens, double loss, int targets) {
        return new TrainingState(
                step + 1,
                numInputTokensSeen + tokens,
                windowLoss + loss,
                windowTargets + targets,
                trainLoss + loss,
                trainTargets + targets,
                best,
                evaluationsWithoutGain);
    }

    TrainingState withNewWindow() {
        return new TrainingState(step, numInputTokensSeen, 0, 0, trainLoss, trainTargets, best, evaluationsWithoutGain);
    }

    TrainingState afterEvaluation(double evalLoss, EarlyStopping stopping) {
        return new TrainingState(
                step,
                numInputTokensSeen,
                windowLoss,
                windowTargets,
                trainLoss,
                trainTargets,
                best == null || evalLoss < best.evalLoss() ? new Best(step, evalLoss) : best,
                stopping.isGain(evalLoss, best) ? 0 : evaluationsWithoutGain + 1);
    }

    /** The update after which the validation loss was lowest. */
    public record Best(int step, double evalLoss) implements Serializable {}
}
