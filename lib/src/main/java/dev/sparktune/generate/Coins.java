package dev.sparktune.generate;

/**
 * Uniform numbers by counter: those of a prompt depend on the seed, on its tokens and on the place in its completion, never
 * on what it is batched with.
 */
final class Coins {
    private final long key;

    Coins(long seed, int[] promptIds) {
        long mixed = mix(seed);
        for (int id : promptIds) {
            mixed = mix(mixed ^ id);
        }
        key = mixed;
    }

    /** In [0, 1). */
    double at(int counter) {
        return (mix(key ^ counter) >>> 11) * 0x1p-53;
    }

    /** A step of splitmix64 (Steele, Lea, Flood, 2014). */
    private static long mix(long state) {
        long z = state + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
