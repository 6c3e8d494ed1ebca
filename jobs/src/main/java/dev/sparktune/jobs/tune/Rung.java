package dev.sparktune.jobs.tune;

import java.util.ArrayList;
import java.util.List;

/**
 * One stage of successive halving (Jamieson and Talwalkar, 2016).
 *
 * @param trials that take part
 * @param share of its updates that each has done at the end of it
 */
record Rung(int trials, double share) {
    /**
     * The rungs for so many trials: after each, one in {@code factor} goes on, to {@code factor} times the updates; in the last,
     * at least one trains to the end. 9 trials by 3: 9 to 1/9 of the updates, 3 to 1/3, 1 to the end.
     *
     * @param factor 1: one rung, in which all train to the end
     */
    static List<Rung> of(int trials, int factor) {
        List<Integer> sizes = new ArrayList<>(List.of(trials));
        while (factor > 1 && sizes.get(sizes.size() - 1) >= factor) {
            sizes.add(sizes.get(sizes.size() - 1) / factor);
        }
        List<Rung> rungs = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            rungs.add(new Rung(sizes.get(i), Math.pow(factor, i - sizes.size() + 1)));
        }
        return rungs;
    }
}
