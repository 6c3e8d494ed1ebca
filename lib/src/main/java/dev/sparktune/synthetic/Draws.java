package dev.sparktune.synthetic;

import java.util.List;
import java.util.SplittableRandom;

/** The random draws of one row: a stream of its own, set by the seed and the row's index. */
final class Draws {
    private final SplittableRandom random;

    /** @param purpose keeps sources apart that share a seed */
    Draws(long seed, String purpose, long index) {
        random = new SplittableRandom(mix(mix(seed ^ purpose.hashCode()) + index));
    }

    /**
     * @param index of a row
     * @throws IllegalArgumentException if it is negative
     */
    static Draws ofRow(long seed, String purpose, long index) {
        if (index < 0) {
            throw new IllegalArgumentException("row must be at least 0, but is " + index);
        }
        return new Draws(seed, purpose, index);
    }

    /** Uniform in {@code [0, bound)}. */
    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Uniform in {@code [0, 1)}. */
    double uniform() {
        return random.nextDouble();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** An index of {@code weights}, drawn in proportion to them. */
    int weighted(double... weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double left = random.nextDouble() * total;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** {@code length} characters of 0–9 and A–Z. */
    String code(int length) {
        StringBuilder code = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            code.append(Character.toUpperCase(Character.forDigit(random.nextInt(36), 36)));
        }
        return code.toString();
    }

    /** The finalizer of MurmurHash3: neighbouring indices get unrelated streams. */
    private static long mix(long z) {
        z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
        z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return z ^ (z >>> 33);
    }
}
