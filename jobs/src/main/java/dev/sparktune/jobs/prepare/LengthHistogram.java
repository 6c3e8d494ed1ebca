package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import java.util.Collections;
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
    /** end → lengths in the class. */
    private final TreeMap<Long, Long> classes = new TreeMap<>();

    private long count;
    private long sum;
    private long longest;

    void add(int length) {
        classes.merge(end(length), 1L, Long::sum);
        count++;
        sum += length;
        longest = Math.max(longest, length);
    }

    void addAll(LengthHistogram other) {
        other.classes.forEach((end, lengths) -> classes.merge(end, lengths, Long::sum));
        count += other.count;
        sum += other.sum;
        longest = Math.max(longest, other.longest);
    }

    /** The end of the class that a length is in. */
    static long end(long length) {
        int doubling = Long.SIZE - 1 - Long.numberOfLeadingZeros(Math.max(1, length - 1));
        long step = 1L << Math.max(0, doubling - 2);
        return (length + step - 1) / step * step;
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
        for (Map.Entry<Long, Long> lengths : classes.entrySet()) {
            below += lengths.getValue();
            if (below >= share * count) {
                return Math.min(lengths.getKey(), longest);
            }
        }
        return longest;
    }

    /** End of class → lengths in it; ascending, without empty ones. */
    SortedMap<Long, Long> classes() {
        return Collections.unmodifiableSortedMap(classes);
    }
}
