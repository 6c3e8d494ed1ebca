package dev.sparktune.generate;

import java.util.Arrays;

/**
 * Chooses the next token: temperature, then top-k, then top-p, in transformers' order. Equal logits rank by id, the lower
 * first.
 */
public final class TokenSampler {
    private final double temperature;
    private final int topK;
    private final double topP;

    /** See {@link GenerateOptions} for what they mean and may be. */
    public TokenSampler(double temperature, int topK, double topP) {
        this.temperature = temperature;
        this.topK = topK;
        this.topP = topP;
    }

    /** The most likely token. */
    public static int greedy(float[] logits) {
        int best = 0;
        for (int id = 1; id < logits.length; id++) {
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        return best;
    }

    /**
     * The token whose share of the distribution, laid out from the likeliest down, holds the coin.
     *
     * <p>Probabilities 0.5, 0.3 and 0.2 with {@code topP} 0.7 leave the first two, at 0.625 and 0.375: coins below 0.625
     * choose the first.
     *
     * @param logits {@code [vocabulary]}
     * @param coin uniform in [0, 1)
     */
    public int sample(float[] logits, double coin) {
        int[] ranked = rank(logits);
        double[] weights = new double[ranked.length];
        double total = 0;
        for (int r = 0; r < weights.length; r++) {
            weights[r] = Math.exp((logits[ranked[r]] - logits[ranked[0]]) / temperature);
            total += weights[r];
        }
        int kept = 0;
        double mass = 0;
        while (kept < ranked.length && (kept == 0 || mass < topP * total)) {
            mass += weights[kept++];
        }
        double reached = 0;
        for (int r = 0; r < kept - 1; r++) {
            reached += weights[r];
            if (coin * mass < reached) {
                return ranked[r];
            }
        }
        return ranked[kept - 1];
    }

    /** The ids from the highest logit down, the first {@code topK} of them. */
    private int[] rank(float[] logits) {
        long[] keys = new long[logits.length];
        for (int id = 0; id < keys.length; id++) {
            int bits = Float.floatToIntBits(logits[id]);
            int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits; // orders as the floats do
            keys[id] = ((long) ~ascending << 32) | id;
        }
        Arrays.sort(keys);
        int count = topK > 0 ? Math.min(topK, keys.length) : keys.length;
        int[] ranked = new int[count];
        for (int r = 0; r < count; r++) {
            ranked[r] = (int) keys[r];
        }
        return ranked;
    }
}
