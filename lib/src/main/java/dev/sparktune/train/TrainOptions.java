package dev.sparktune.train;

import java.io.Serializable;
import java.util.List;

/**
 * What a training run is told, under transformers' names.
 *
 * @param numTrainEpochs passes over the training examples; may be a fraction. Ignored where maxSteps is above 0
 * @param maxSteps updates; 0: as many as the epochs need
 * @param globalBatchSize examples of one update
 * @param microBatchSize examples of one forward and backward pass at most; a worker cuts its part of an update into as many
 *     as it needs, which changes the result to rounding only
 * @param learningRate the peak
 * @param lrSchedulerType shape of the schedule
 * @param warmupSteps updates of warm-up; 0: warmupRatio decides
 * @param warmupRatio share of all updates that is warm-up, in [0, 1]
 * @param weightDecay decoupled decay of matrices; norms never decay
 * @param adamBeta1 decay of the first moment
 * @param adamBeta2 decay of the second moment
 * @param adamEpsilon added to the root of the second moment
 * @param maxGradNorm the gradient's global norm is clipped to this; 0: never
 * @param loggingSteps updates from one line of the log to the next
 * @param evalSteps updates from one evaluation to the next; 0: only after the last
 * @param saveSteps updates from one checkpoint to the next; 0: only after the last
 * @param saveTotalLimit checkpoints kept, the newest; the best parameters are kept besides
 * @param earlyStopping when the run ends before its last update
 * @param seed of the order of examples
 */
public record TrainOptions(
        double numTrainEpochs,
        int maxSteps,
        int globalBatchSize,
        int microBatchSize,
        double learningRate,
        LearningRateSchedule.Type lrSchedulerType,
        int warmupSteps,
        double warmupRatio,
        double weightDecay,
        double adamBeta1,
        double adamBeta2,
        double adamEpsilon,
        double maxGradNorm,
        int loggingSteps,
        int evalSteps,
        int saveSteps,
        int saveTotalLimit,
        EarlyStopping earlyStopping,
        long seed)
        implements Serializable {
    public TrainOptions {
        check(maxSteps > 0 || positive(numTrainEpochs), "num_train_epochs", "above 0", numTrainEpochs);
        check(maxSteps >= 0, "max_steps", "at least 0", maxSteps);
        check(microBatchSize >= 1, "micro_batch_size", "at least 1", microBatchSize);
        check(
                globalBatchSize >= microBatchSize,
                "global_batch_size",
                "at least micro_batch_size (" + microBatchSize + ")",
                globalBatchSize);
        check(positive(learningRate), "learning_rate", "above 0", learningRate);
        check(warmupSteps >= 0, "warmup_steps", "at least 0", warmupSteps);
        check(warmupRatio >= 0 && warmupRatio <= 1, "warmup_ratio", "in [0, 1]", warmupRatio);
        check(notNegative(weightDecay), "weight_decay", "at least 0", weightDecay);
        check(adamBeta1 >= 0 && adamBeta1 < 1, "adam_beta1", "in [0, 1)", adamBeta1);
        check(adamBeta2 >= 0 && adamBeta2 < 1, "adam_beta2", "in [0, 1)", adamBeta2);
        check(positive(adamEpsilon), "adam_epsilon", "above 0", adamEpsilon);
        check(notNegative(maxGradNorm), "max_grad_norm", "at least 0", maxGradNorm);
        check(loggingSteps >= 1, "logging_steps", "at least 1", loggingSteps);
        check(evalSteps >= 0, "eval_steps", "at least 0", evalSteps);
        check(saveSteps >= 0, "save_steps", "at least 0", saveSteps);
        check(saveTotalLimit >= 1, "save_total_limit", "at least 1", saveTotalLimit);
    }

    /** Examples that all updates of the run read together, repeats included, where {@code size} are there. */
    public long totalExamples(long size) {
        return maxSteps > 0 ? (long) maxSteps * globalBatchSize : Math.max(1, Math.round(numTrainEpochs * size));
    }

    /** Updates of the run; the last may be smaller than the others. */
    public int totalSteps(long size) {
        return Math.toIntExact((totalExamples(size) + globalBatchSize - 1) / globalBatchSize);
    }

    /** The schedule over {@link #totalSteps}. */
    public LearningRateSchedule schedule(long size) {
        int steps = totalSteps(size);
        return new LearningRateSchedule(
                lrSchedulerType,
                learningRate,
                LearningRateSchedule.warmupSteps(warmupSteps, warmupRatio, steps),
                steps);
    }

    /** The options that decide the weights but for rounding, as a line: two runs can share checkpoints only where these are equal. */
    String identity() {
        return List.of(
                        numTrainEpochs,
                        maxSteps,
                        globalBatchSize,
                        learningRate,
                        lrSchedulerType,
                        warmupSteps,
                        warmupRatio,
                        weightDecay,
                        adamBeta1,
                        adamBeta2,
                        adamEpsilon,
                        maxGradNorm,
                        earlyStopping,
                        seed)
                .toString();
    }

    private static boolean positive(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
    }

    private static boolean notNegative(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
    }

    private static void check(boolean holds, String name, String bound, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(name + " must be " + bound + ", but is " + value);
        }
    }
}
