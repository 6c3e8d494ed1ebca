package dev.sparktune.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * How many examples of each task make up a data set.
 *
 * <p>100, 400 and 1,600 examples at a temperature of 2 have rates as 10 : 20 : 40. A size of 350 takes 50, 100 and 200 of them;
 * a size of 1,000 takes all 100 of the first, and what that lacks to 143 is shared by the others as 20 : 40: 300 and 600.
 * Without a size as many are taken as keep the rates exactly: 100, 200 and 400.
 *
 * @param shares in the order in which the tasks were given
 * @param missing examples that the size asks for and no task with a rate above 0 has
 */
public record Mixture(List<Share> shares, long missing) {
    /**
     * @param available examples that the task has
     * @param rate its part of all rates: they sum to 1
     * @param taken how many the mixture holds, at most {@code available}
     */
    public record Share(String task, long available, double rate, long taken) {}

    public Mixture {
        shares = List.copyOf(shares);
    }

    /** Examples of all tasks together. */
    public long total() {
        return shares.stream().mapToLong(Share::taken).sum();
    }

    /**
     * @param available task → examples that it has
     * @param size examples wanted of all tasks together; without it as many as keep the rates
     * @throws IllegalArgumentException for a negative number, a weight or cap of a task that is not there, and rates that are
     *     all 0 though there are examples
     */
    public static Mixture of(Map<String, Long> available, MixingRates rates, OptionalLong size) {
        rates.checkTasks(available.keySet());
        if (size.isPresent() && size.getAsLong() < 0) {
            throw new IllegalArgumentException("size must be at least 0, but is " + size.getAsLong());
        }
        String[] tasks = available.keySet().toArray(String[]::new);
        long[] limits = new long[tasks.length];
        double[] rate = new double[tasks.length];
        for (int m = 0; m < tasks.length; m++) {
            long examples = available.get(tasks[m]);
            if (examples < 0) {
                throw new IllegalArgumentException(
                        "the examples of task '" + tasks[m] + "' must be at least 0, but are " + examples);
            }
            limits[m] = rates.limit(tasks[m], examples);
            rate[m] = rates.rate(tasks[m], limits[m]);
        }
        double sum = Arrays.stream(rate).sum();
        if (sum == 0 && Arrays.stream(limits).sum() > 0) {
            throw new IllegalArgumentException("the weights leave no task: of all that have examples they are 0");
        }
        long[] taken = size.isPresent() ? ofSize(size.getAsLong(), rate, limits) : atTheirRates(rate, limits);
        List<Share> shares = new ArrayList<>();
        for (int m = 0; m < tasks.length; m++) {
            shares.add(new Share(tasks[m], available.get(tasks[m]), sum == 0 ? 0 : rate[m] / sum, taken[m]));
        }
        return new Mixture(
                shares,
                size.orElse(0) == 0
                        ? 0
                        : size.getAsLong() - Arrays.stream(taken).sum());
    }

    /** The largest numbers that stand to each other as the rates do: the scarcest task is taken whole. */
    private static long[] atTheirRates(double[] rate, long[] limits) {
        double scale = IntStream.range(0, rate.length)
                .filter(m -> rate[m] > 0)
                .mapToDouble(m -> limits[m] / rate[m])
                .min()
                .orElse(0);
        return IntStream.range(0, rate.length)
                .mapToLong(m -> Math.min(limits[m], Math.round(rate[m] * scale)))
                .toArray();
    }

    /** Who has too few gives all; what is left is shared by the others at their rates, until nobody has too few. */
    private static long[] ofSize(long size, double[] rate, long[] limits) {
        long[] taken = new long[rate.length];
        boolean[] open = new boolean[rate.length];
        for (int m = 0; m < rate.length; m++) {
            open[m] = rate[m] > 0;
        }
        long left = size;
        boolean exhausted = true;
        double scale = 0;
        while (exhausted) {
            exhausted = false;
            scale = left
                    / IntStream.range(0, rate.length)
                            .filter(m -> open[m])
                            .mapToDouble(m -> rate[m])
                            .sum();
            for (int m = 0; m < rate.length; m++) {
                if (open[m] && rate[m] * scale >= limits[m]) {
                    open[m] = false;
                    exhausted = true;
                    taken[m] = limits[m];
                    left -= limits[m];
                }
            }
        }
        share(left, scale, rate, open, taken);
        return taken;
    }

    /** Whole numbers that sum to {@code left}: the largest fractions are rounded up, of equal ones the first. */
    private static void share(long left, double scale, double[] rate, boolean[] open, long[] taken) {
        int[] sharers = IntStream.range(0, rate.length).filter(m -> open[m]).toArray();
        long rest = left;
        for (int m : sharers) {
            taken[m] = (long) (rate[m] * scale);
            rest -= taken[m];
        }
        List<Integer> byFraction = Arrays.stream(sharers)
                .boxed()
                .sorted(Comparator.comparing((Integer m) -> -(rate[m] * scale - taken[m])))
                .limit(Math.max(0, rest))
                .toList();
        byFraction.forEach(m -> taken[m]++);
    }
}
