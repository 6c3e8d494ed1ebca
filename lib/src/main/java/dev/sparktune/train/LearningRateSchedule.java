package dev.sparktune.train;

/**
 * The learning rate of each update, as transformers' {@code get_*_schedule_with_warmup} give it: warm-up rises linearly
 * from 0 (the very first update has rate 0 where there is warm-up), then the type decides.
 *
 * @param type shape after the warm-up
 * @param peak the rate that the warm-up reaches, {@code learning_rate}
 * @param warmupSteps updates of warm-up
 * @param totalSteps updates of the whole run, warm-up included
 */
public record LearningRateSchedule(Type type, double peak, int warmupSteps, int totalSteps) {

    /** What follows the warm-up: transformers' constant_with_warmup, linear and cosine. */
    public enum Type {
        CONSTANT,
        LINEAR,
        COSINE
    }

    public LearningRateSchedule {
        if (!(peak >= 0) || Double.isInfinite(peak)) {
            throw new IllegalArgumentException("learning_rate must be finite and at least 0, but is " + peak);
        }
        if (warmupSteps < 0 || totalSteps < 1) {
            throw new IllegalArgumentException(
                    "a schedule needs warm-up steps of at least 0 and at least 1 step, but has " + warmupSteps + " and "
                            + totalSteps);
        }
    }

    /** Warm-up as transformers' TrainingArguments resolve it: the steps where given, else the ratio, rounded up. */
    public static int warmupSteps(int warmupSteps, double warmupRatio, int totalSteps) {
        return warmupSteps > 0 ? warmupSteps : (int) Math.ceil(totalSteps * warmupRatio);
    }

    /** The rate of update {@code step}, counted from 0. */
    public double at(int step) {
        return peak * factor(step);
    }

    private double factor(int step) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double decaySteps = Math.max(1, totalSteps - warmupSteps);
        return switch (type) {
            case CONSTANT -> 1;
            case LINEAR -> Math.max(0, (totalSteps - step) / decaySteps);
            case COSINE -> Math.max(0, 0.5 * (1 + Math.cos(Math.PI * (step - warmupSteps) / decaySteps)));
        };
    }
}
