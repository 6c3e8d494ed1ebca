package dev.sparktune.token;

import java.util.Arrays;
import java.util.Comparator;

/**
 * Deals the examples of one update to workers, and each worker's to its micro-batches, so that all have nearly the same
 * number of tokens: longest first, to whoever has fewest so far. The same lengths are always dealt the same way.
 *
 * @param workers who share the update
 * @param microBatchSize most examples that one worker computes at once
 */
public record BatchDealer(int workers, int microBatchSize) {
    public BatchDealer {
        if (workers < 1 || microBatchSize < 1) {
            throw new IllegalArgumentException(
                    "workers and microBatchSize must be at least 1, but are " + workers + " and " + microBatchSize);
        }
    }

    /**
     * Lengths {@code [9, 1, 5, 4]} for two workers and micro-batches of one give {@code [[[0], [1]], [[2], [3]]]}.
     *
     * @param tokens {@code [examples]}: length of each example of the update
     * @return {@code [workers][micro-batches][examples]}: places in {@code tokens}, ascending within a micro-batch. Each
     *     place comes once; with fewer examples than workers some workers have no micro-batch
     */
    public int[][][] deal(int[] tokens) {
        int[] all = new int[tokens.length];
        Arrays.setAll(all, i -> i);
        int[][] shares = share(all, tokens, workers, ceil(tokens.length, workers));
        int[][][] dealt = new int[workers][][];
        for (int w = 0; w < workers; w++) {
            dealt[w] = share(shares[w], tokens, ceil(shares[w].length, microBatchSize), microBatchSize);
        }
        return dealt;
    }

    /** At most {@code most} places to each of {@code parts}. */
    private static int[][] share(int[] places, int[] tokens, int parts, int most) {
        Integer[] longestFirst = Arrays.stream(places).boxed().toArray(Integer[]::new);
        Arrays.sort(
                longestFirst, Comparator.<Integer>comparingInt(i -> -tokens[i]).thenComparing(i -> i));
        int[][] shares = new int[parts][most];
        int[] counts = new int[parts];
        long[] sums = new long[parts];
        for (int place : longestFirst) {
            int least = -1;
            for (int p = 0; p < parts; p++) {
                if (counts[p] < most && (least < 0 || sums[p] < sums[least])) {
                    least = p;
                }
            }
            shares[least][counts[least]++] = place;
            sums[least] += tokens[place];
        }
        for (int p = 0; p < parts; p++) {
            shares[p] = Arrays.copyOf(shares[p], counts[p]);
            Arrays.sort(shares[p]);
        }
        return shares;
    }

    private static int ceil(int n, int by) {
        return (n + by - 1) / by;
    }
}
