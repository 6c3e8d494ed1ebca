package dev.sparktune.similar;

import java.io.Serializable;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Finds candidates for near-duplicates without comparing all pairs: locality-sensitive hashing of MinHash signatures (Broder
 * 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3). A text has some bands; two texts of Jaccard
 * similarity s agree in at least one of b bands of r minima with probability 1 − (1 − s^r)^b. Rows and bands are chosen so that a
 * pair at the bound is found with a probability of 99 % or more; candidates are to be compared by {@link Shingles#jaccard}.
 */
public final class MinHash implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_MINIMA = 128;
    private static final double RECALL = 0.99;
    private static final long SEED = 0x5eed_0f_ba_4d5L;

    private final int rows;
    private final int bands;
    /** [bands · rows]: the functions h → factor · h + summand, modulo 2^32. */
    private final int[] factors;

    private final int[] summands;

    /** @param bound least similarity of near-duplicates, from 0.5 to 1 */
    public MinHash(double bound) {
        if (!(bound >= 0.5 && bound <= 1)) {
            throw new IllegalArgumentException("the bound must be from 0.5 to 1, it is " + bound);
        }
        int most = 1;
        while (most < MOST_MINIMA && found(bound, most + 1, MOST_MINIMA / (most + 1)) >= RECALL) {
            most++;
        }
        rows = most;
        bands = MOST_MINIMA / rows;
        factors = new int[rows * bands];
        summands = new int[rows * bands];
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < factors.length; i++) {
            factors[i] = random.nextInt() | 1;
            summands[i] = random.nextInt();
        }
    }

    /** The probability that two texts of a similarity agree in a band. */
    static double found(double similarity, int rows, int bands) {
        return 1 - Math.pow(1 - Math.pow(similarity, rows), bands);
    }

    /** @return [bands], or nothing for an empty text */
    public long[] bands(String text) {
        int[] shingles = Shingles.hashes(text);
        if (shingles.length == 0) {
            return new long[0];
        }
        int[] minima = new int[factors.length];
        Arrays.fill(minima, Integer.MAX_VALUE);
        for (int shingle : shingles) {
            for (int i = 0; i < minima.length; i++) {
                minima[i] = Math.min(minima[i], factors[i] * shingle + summands[i]);
            }
        }
        long[] hashes = new long[bands];
        for (int band = 0; band < bands; band++) {
            long hash = band;
            for (int row = 0; row < rows; row++) {
                hash = (hash ^ minima[band * rows + row]) * 0x9e3779b97f4a7c15L;
                hash ^= hash >>> 32;
            }
            hashes[band] = hash;
        }
        return hashes;
    }
}
