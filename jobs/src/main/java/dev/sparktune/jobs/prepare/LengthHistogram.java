package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lengths, counted in classes, four to each doubling: …, 32, 40, 48, 56, 64, 80, …; however long the texts, there are few.
 * A length is in the class of the first end that it does not exceed; up to 8 every length is its own.
 */
@JsonAutoDetect(
        fieldVisibility = JsonAutoDetect.Visibility.ANY,
        getterVisibility = JsonAutoDetect.Visibility.NONE,
        isGetterVisibility = JsonAutoDetect.Visibility.NONE)
final class LengthHistogram {
    /** Lengths in each class, from the shortest; what an int can hold. */
    private final long[] classes = new long[index(Integer.MAX_VALUE) + 1];

    private long count;
    private long sum;
    private long longest;

    void add(int length) {
        classes[index(length)]++;
        count++;
        sum += length;
        longest = Math.max(longest, length);
    }

    void addAll(LengthHistogram other) {
        for (int i = 0; i < classes.length; i++) {
            classes[i] += other.classes[i];
        }
        count += other.count;
        sum += other.sum;
        longest = Math.max(longest, other.longest);
    }

    /** The end of the class that a length is in. */
    static long end(long length) {
        int shift = shift(length);
        return steps(length, shift) << shift;
    }

    /** Lengths are counted in steps of {@code 2^shift}: five to eight of them. */
    private static int shift(long length) {
        return Math.max(0, Long.SIZE - 3 - Long.numberOfLeadingZeros(Math.max(1, length - 1)));
    }

    private static long steps(long length, int shift) {
        return (length + (1L << shift) - 1) >> shift;
    }

    private static int index(long length) {
        int shift = shift(length);
        return (int) steps(length, shift) + 4 * shift;
    }

    /** The end of the class of an index. */
    private static long endOf(int index) {
        int shift = Math.max(0, (index - 5) / 4);
        return (long) (index - 4 * shift) << shift;
    }

    long count() {
        return count;
    }

    double mean() {
        return count == 0 ? 0 : (double) sum / count;
    }

    long longest() {
        return longest;
    }

    /**
     * A length that this share of all does not exceed: the end of the class in which the percentile lies, so at most a quarter
     * above it.
     */
    long percentile(double share) {
        long below = 0;
        for (Map.Entry<Long, Long> lengths : classes().entrySet()) {
            below += lengths.getValue();
            if (below >= share * count) {
                return Math.min(lengths.getKey(), longest);
            }
        }
        return longest;
    }

    /** End of class → lengths in it; ascending, without empty ones. */
    SortedMap<Long, Long> classes() {
        SortedMap<Long, Long> counted = new TreeMap<>();
        for (int i = 0; i < classes.length; i++) {
            if (classes[i] > 0) {
                counted.put(endOf(i), classes[i]);
            }
        }
        return counted;
    }
}
