package dev.sparktune.train;

/**
 * Elements {@code [from, to)} of a flat vector.
 *
 * @param from first element
 * @param to behind the last
 */
public record Slice(long from, long to) {
    /** The part of a vector of {@code length} elements that worker {@code rank} serves: all parts differ by one at most. */
    public static Slice of(long length, int rank, int workers) {
        return new Slice(start(length, rank, workers), start(length, rank + 1, workers));
    }

    public long length() {
        return to - from;
    }

    /** What lies in both; of length 0 where nothing does. */
    public Slice overlap(long otherFrom, long otherTo) {
        long start = Math.max(from, otherFrom);
        return new Slice(start, Math.max(start, Math.min(to, otherTo)));
    }

    /** Without the product of length and rank, which could overflow. */
    private static long start(long length, int rank, int workers) {
        return length / workers * rank + Math.min(rank, length % workers);
    }
}
