package dev.sparktune.model.kernel;

/**
 * Random numbers from a counter: number i of a stream is a function of the stream's key and i, whatever else is drawn, in whatever
 * order, by however many threads.
 */
public final class CounterRandom {
    private CounterRandom() {}

    /** A key that follows from {@code key} and {@code what} for, and from nothing else. */
    public static long key(long key, long what) {
        return mix(key + mix(what));
    }

    /** Number {@code i} of a stream: uniform in [0, 1). */
    public static double unit(long key, long i) {
        return (mix(key + i) >>> 11) * 0x1.0p-53;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014) behind its increment. */
    private static long mix(long counter) {
        long z = (counter + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
