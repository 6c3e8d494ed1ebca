package dev.sparktune.split;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Finds a bucket map whose strata come near their fractions: every bucket starts where its own hash puts it, in the
 * fractions' proportion (so that buckets which are empty now are shared out rightly too), then buckets move one at a time
 * to the split where the sum of squared relative deviations becomes smallest, until no move helps.
 *
 * <p>Deterministic: the same counts, fractions and salt give the same map.
 */
public final class BucketSearch {
    private static final int MOST_PASSES = 100;
    /** A move must gain more than rounding. */
    private static final double LEAST_GAIN = 1e-12;

    private final SplitFractions fractions;
    /** [bucket][i]: the strata that occur in it, and how often. */
    private final int[][] strata;

    private final long[][] records;
    /** [stratum][split]; the last stratum is the whole, so that many rare strata do not round a split away. */
    private final double[][] target;

    private final double[][] weight;
    private final long[][] now;
    private final byte[] assignment;

    /**
     * @param salt keeps this map apart from others over the same keys; the counts' buckets were made with it
     * @throws IllegalArgumentException when nothing was counted
     */
    public static BucketMap search(BucketCounts counts, SplitFractions fractions, String salt) {
        if (counts.total() == 0) {
            throw new IllegalArgumentException("there are no records to split");
        }
        BucketSearch search = new BucketSearch(counts, fractions);
        search.start(salt);
        search.improve(salt);
        return new BucketMap(salt, counts.bits(), fractions, search.assignment);
    }

    private BucketSearch(BucketCounts counts, SplitFractions fractions) {
        this.fractions = fractions;
        int splits = fractions.size();
        long[][] byStratum = counts.byStratum();
        int whole = byStratum.length;
        target = new double[whole + 1][splits];
        weight = new double[whole + 1][splits];
        now = new long[whole + 1][splits];
        for (int stratum = 0; stratum <= whole; stratum++) {
            long total = stratum == whole ? counts.total() : BucketCounts.sum(byStratum[stratum]);
            for (int split = 0; split < splits; split++) {
                target[stratum][split] = total * fractions.fraction(split);
                double scale = Math.max(1, target[stratum][split]);
                weight[stratum][split] = (stratum == whole ? whole : 1) / (scale * scale);
            }
        }
        assignment = new byte[counts.buckets()];
        strata = new int[assignment.length][];
        records = new long[assignment.length][];
        for (int bucket = 0; bucket < assignment.length; bucket++) {
            fill(bucket, byStratum);
        }
    }

    /** The strata that occur in a bucket, and the whole behind them; nothing for an empty one. */
    private void fill(int bucket, long[][] byStratum) {
        int whole = byStratum.length;
        int[] in = new int[whole + 1];
        int size = 0;
        long all = 0;
        for (int stratum = 0; stratum < whole; stratum++) {
            if (byStratum[stratum][bucket] > 0) {
                in[size++] = stratum;
                all += byStratum[stratum][bucket];
            }
        }
        if (size > 0) {
            in[size++] = whole;
        }
        strata[bucket] = Arrays.copyOf(in, size);
        records[bucket] = new long[size];
        for (int i = 0; i < size; i++) {
            records[bucket][i] = in[i] == whole ? all : byStratum[in[i]][bucket];
        }
    }

    private void start(String salt) {
        for (int bucket = 0; bucket < assignment.length; bucket++) {
            double u = (KeyHash.of(salt + "/bucket", String.valueOf(bucket)) >>> 11) * 0x1p-53;
            int split = 0;
            for (double below = fractions.fraction(0); u >= below && split < fractions.size() - 1; ) {
                below += fractions.fraction(++split);
            }
            assignment[bucket] = (byte) split;
            for (int i = 0; i < strata[bucket].length; i++) {
                now[strata[bucket][i]][split] += records[bucket][i];
            }
        }
    }

    private void improve(String salt) {
        int[] order = shuffled(assignment.length, KeyHash.of(salt, "/search"));
        boolean moved = true;
        for (int pass = 0; moved && pass < MOST_PASSES; pass++) {
            moved = false;
            for (int bucket : order) {
                moved |= moveToBest(bucket);
            }
        }
    }

    private boolean moveToBest(int bucket) {
        int from = assignment[bucket];
        int best = from;
        double least = -LEAST_GAIN;
        for (int to = 0; to < fractions.size(); to++) {
            double change = to == from ? 0 : change(bucket, from, to);
            if (change < least) {
                least = change;
                best = to;
            }
        }
        if (best == from) {
            return false;
        }
        for (int i = 0; i < strata[bucket].length; i++) {
            now[strata[bucket][i]][from] -= records[bucket][i];
            now[strata[bucket][i]][best] += records[bucket][i];
        }
        assignment[bucket] = (byte) best;
        return true;
    }

    /** What moving the bucket does to Σ weight · (now − target)². */
    private double change(int bucket, int from, int to) {
        double change = 0;
        for (int i = 0; i < strata[bucket].length; i++) {
            int stratum = strata[bucket][i];
            long n = records[bucket][i];
            change += weight[stratum][from] * n * (n - 2 * (now[stratum][from] - target[stratum][from]));
            change += weight[stratum][to] * n * (n + 2 * (now[stratum][to] - target[stratum][to]));
        }
        return change;
    }

    /** The numbers below size in a seeded order (Fisher and Yates). */
    private static int[] shuffled(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
