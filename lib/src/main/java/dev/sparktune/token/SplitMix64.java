package dev.sparktune.token;

/**
 * The splitmix64 generator (G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014), spelled
 * out here so that an order is the same under every JDK.
 */
final class SplitMix64 {
    private static final long STEP = 0x9e3779b97f4a7c15L;
    private long state;

    private SplitMix64(long state) {
        this.state = state;
    }

    /** A stream of its own for each key. */
    static SplitMix64 keyed(long... key) {
        long state = 0;
        for (long part : key) {
            state = mix(state + STEP) ^ mix(part);
        }
        return new SplitMix64(mix(state));
    }

    /** Uniform in {@code [0, bound)}. */
    long below(long bound) {
        long bits;
        long value;
        do { // values of the last, incomplete stretch would be too frequent
            bits = next() >>> 1;
            value = bits % bound;
        } while (bits - value + (bound - 1) < 0);
        return value;
    }

    private long next() {
        state += STEP;
        return mix(state);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
