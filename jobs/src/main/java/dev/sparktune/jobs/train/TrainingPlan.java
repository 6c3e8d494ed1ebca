package dev.sparktune.jobs.train;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.train.EarlyStopping;
import dev.sparktune.train.LearningRateSchedule;
import dev.sparktune.train.TrainOptions;
import java.util.Locale;

/** From the settings to the options of a run, with what the settings leave open filled in. */
public final class TrainingPlan {
    private static final int LARGEST_MICRO_BATCH = 8;

    private TrainingPlan() {}

    /** @throws SettingsException for settings that no run can have, before anything is read */
    public static void check(TrainSettings settings) {
        if (settings.earlyStoppingThreshold() != null && settings.earlyStoppingPatience() == null) {
            throw new SettingsException("train.early_stopping_threshold is " + settings.earlyStoppingThreshold()
                    + ", but without train.early_stopping_patience nothing stops early");
        }
        options(settings, 1, 1);
    }

    /**
     * The options for so many training examples and workers: evaluations once an epoch and checkpoints at each of them where
     * nothing else is said.
     */
    public static TrainOptions options(TrainSettings settings, long examples, int workers) {
        int evalSteps = settings.evalSteps() != null
                ? settings.evalSteps()
                : Math.toIntExact((examples + settings.globalBatchSize() - 1) / settings.globalBatchSize());
        try {
            return new TrainOptions(
                    settings.numTrainEpochs(),
                    settings.maxSteps() == null ? 0 : settings.maxSteps(),
                    settings.globalBatchSize(),
                    settings.microBatchSize() == null
                            ? defaultMicroBatch(settings.globalBatchSize(), workers)
                            : settings.microBatchSize(),
                    settings.learningRate(),
                    LearningRateSchedule.Type.valueOf(settings.lrSchedulerType().toUpperCase(Locale.ROOT)),
                    settings.warmupSteps() == null ? 0 : settings.warmupSteps(),
                    settings.warmupRatio(),
                    settings.weightDecay(),
                    settings.adamBeta1(),
                    settings.adamBeta2(),
                    settings.adamEpsilon(),
                    settings.maxGradNorm(),
                    settings.loggingSteps(),
                    evalSteps,
                    settings.saveSteps() == null ? evalSteps : settings.saveSteps(),
                    settings.saveTotalLimit(),
                    earlyStopping(settings),
                    settings.seed());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("train." + e.getMessage());
        }
    }

    private static EarlyStopping earlyStopping(TrainSettings settings) {
        if (settings.earlyStoppingPatience() == null) {
            return EarlyStopping.NEVER;
        }
        double threshold = settings.earlyStoppingThreshold() == null ? 0 : settings.earlyStoppingThreshold();
        return new EarlyStopping(settings.earlyStoppingPatience(), threshold);
    }

    /** Large enough to keep the cores busy, small enough for the memory of activations. */
    private static int defaultMicroBatch(int globalBatchSize, int workers) {
        return Math.min(LARGEST_MICRO_BATCH, (globalBatchSize + workers - 1) / workers);
    }
}
