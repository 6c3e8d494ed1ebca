package dev.sparktune.train;

import java.io.Serializable;
import java.util.List;

/** Hears of a run as it goes, on the thread that trains; what it throws stops the run. */
public interface TrainingListener {
    TrainingListener NONE = new TrainingListener() {};

    /** Tells each of them in turn. */
    static TrainingListener all(List<TrainingListener> listeners) {
        return new TrainingListener() {
            @Override
            public void onStart(int doneSteps, int totalSteps) {
                listeners.forEach(listener -> listener.onStart(doneSteps, totalSteps));
            }

            @Override
            public void onUpdate(Update update) {
                listeners.forEach(listener -> listener.onUpdate(update));
            }

            @Override
            public void onLog(LogLine line) {
                listeners.forEach(listener -> listener.onLog(line));
            }

            @Override
            public void onEvaluation(Evaluation evaluation) {
                listeners.forEach(listener -> listener.onEvaluation(evaluation));
            }

            @Override
            public void onPause(Evaluation evaluation) {
                listeners.forEach(listener -> listener.onPause(evaluation));
            }

            @Override
            public void onCheckpointBegins(int step) {
                listeners.forEach(listener -> listener.onCheckpointBegins(step));
            }

            @Override
            public void onCheckpoint(int step) {
                listeners.forEach(listener -> listener.onCheckpoint(step));
            }

            @Override
            public void onWarning(String message) {
                listeners.forEach(listener -> listener.onWarning(message));
            }
        };
    }

    /** Once, before the first update of this process: the updates that earlier processes did, and all of the run. */
    default void onStart(int doneSteps, int totalSteps) {}

    /** After every update. */
    default void onUpdate(Update update) {}

    /** Every logging_steps updates and after the last. */
    default void onLog(LogLine line) {}

    /** After every evaluation that was due. */
    default void onEvaluation(Evaluation evaluation) {}

    /** Where a run pauses between two of those, how it stands there; a run without the pause would not have that. */
    default void onPause(Evaluation evaluation) {}

    /** Before a checkpoint is written. */
    default void onCheckpointBegins(int step) {}

    /** After a checkpoint stands whole. */
    default void onCheckpoint(int step) {}

    /** Something that does not stop the run but that its owner should know. */
    default void onWarning(String message) {}

    /**
     * One update.
     *
     * @param step updates done, from 1
     * @param totalSteps of the run
     * @param loss mean over the update's completion tokens, in nats
     * @param gradNorm before clipping
     * @param learningRate that it used
     * @param tokens input tokens it read
     * @param seconds it took
     */
    record Update(
            int step, int totalSteps, double loss, double gradNorm, double learningRate, long tokens, double seconds)
            implements Serializable {}

    /**
     * What one line of the log says of training, since the line before.
     *
     * @param epoch passes over the data so far, a fraction
     * @param loss mean over the completion tokens of the updates since the line before
     * @param gradNorm of the last update, before clipping
     * @param learningRate of the last update
     * @param numInputTokensSeen since the run began, prompts included
     * @param tokensPerSecond input tokens over the time spent in updates
     */
    record LogLine(
            int step,
            double epoch,
            double loss,
            double gradNorm,
            double learningRate,
            long numInputTokensSeen,
            double tokensPerSecond)
            implements Serializable {}
}
