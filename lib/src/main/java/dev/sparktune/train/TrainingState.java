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
 */
public record TrainingState(
        int step,
        long numInputTokensSeen,
        double windowLoss,
        long windowTargets,
        double trainLoss,
        long trainTargets,
        Best best) {
    static final TrainingState START = new TrainingState(0, 0, 0, 0, 0, 0, null);

    TrainingState afterUpdate(long tokens, double loss, int targets) {
        return new TrainingState(
                step + 1,
                numInputTokensSeen + tokens,
                windowLoss + loss,
                windowTargets + targets,
                trainLoss + loss,
                trainTargets + targets,
                best);
    }

    TrainingState withNewWindow() {
        return new TrainingState(step, numInputTokensSeen, 0, 0, trainLoss, trainTargets, best);
    }

    TrainingState withBest(Best newBest) {
        return new TrainingState(step, numInputTokensSeen, windowLoss, windowTargets, trainLoss, trainTargets, newBest);
    }

    /** The update after which the validation loss was lowest. */
    public record Best(int step, double evalLoss) implements Serializable {}
}
