package dev.sparktune.mixture;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How often each task is seen, relative to the others. A task m of n(m) examples counts as e(m) = min(n(m), cap(m)) and has
 *
 * <pre>rate(m) = weight(m) · min(e(m), maximum)^(1/temperature)</pre>
 *
 * <p>With the defaults this is proportional to the number of examples. {@code maximum} is the limit K of T5's
 * examples-proportional mixing, {@code temperature} its T (Raffel et al. 2020, section 3.5.2: T = 1 is proportional, T → ∞ equal).
 * FLAN (Wei et al. 2022, section 2.1) has a cap of 30,000 for every task and a maximum of 3,000.
 *
 * @param weights task → factor, at least 0, of which one is above 0; 1 where none is given
 * @param caps task → most examples that are taken of it; without bound where none is given
 * @param maximum examples beyond which a task gets no higher rate, at least 1; {@link Long#MAX_VALUE} for none
 * @param temperature at least 1
 */
public record MixingRates(Map<String, Double> weights, Map<String, Long> caps, long maximum, double temperature) {
    /** Stands for every task that is not named, in {@code weights} and {@code caps}. */
    public static final String OTHERS = "*";

    /** Proportional to the number of examples. */
    public static final MixingRates PROPORTIONAL = new MixingRates(Map.of(), Map.of(), Long.MAX_VALUE, 1);

    public MixingRates {
        weights = Map.copyOf(weights);
        caps = Map.copyOf(caps);
        weights.forEach((task, weight) -> {
            if (!(weight >= 0 && weight < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "the weight of task '" + task + "' must be at least 0, but is " + weight);
            }
        });
        caps.forEach((task, cap) -> {
            if (cap < 0) {
                throw new IllegalArgumentException("the cap of task '" + task + "' must be at least 0, but is " + cap);
            }
        });
        if (maximum < 1) {
            throw new IllegalArgumentException("maximum must be at least 1, but is " + maximum);
        }
        if (!(temperature >= 1)) {
            throw new IllegalArgumentException("temperature must be at least 1, but is " + temperature);
        }
    }

    /** e(m): the most examples that can be taken. */
    long limit(String task, long available) {
        return Math.min(available, caps.getOrDefault(task, caps.getOrDefault(OTHERS, Long.MAX_VALUE)));
    }

    /** rate(m), not normalised; 0 for a task without examples. */
    double rate(String task, long limit) {
        double weight = weights.getOrDefault(task, weights.getOrDefault(OTHERS, 1.0));
        return limit == 0 ? 0 : weight * Math.pow(Math.min(limit, maximum), 1 / temperature);
    }

    /** @throws IllegalArgumentException if a weight or cap is for a task that is not there */
    public void checkTasks(Set<String> tasks) {
        check("weights", weights.keySet(), tasks);
        check("caps", caps.keySet(), tasks);
    }

    private static void check(String what, Set<String> named, Set<String> tasks) {
        for (String task : new TreeSet<>(named)) {
            if (!task.equals(OTHERS) && !tasks.contains(task)) {
                throw new IllegalArgumentException(what + " name a task '" + task + "', but the tasks are "
                        + String.join(", ", new TreeSet<>(tasks)));
            }
        }
    }
}
