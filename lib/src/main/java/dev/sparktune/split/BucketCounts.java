package dev.sparktune.split;

import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How many records of each stratum lie in each bucket: all that the search knows of the data. Its size is strata × buckets
 * (128 KB a stratum with 2^14 buckets), whatever the number of records.
 */
public final class BucketCounts implements Serializable {
    /** Stratifying by a column with more values than this is a mistake (a product's number, a date). */
    public static final int MOST_STRATA = 1024;

    private static final long serialVersionUID = 1;

    private final int bits;
    /** stratum → [bucket]: records; sorted, so that nothing depends on the order of adding. */
    private final TreeMap<String, long[]> counts = new TreeMap<>();

    /** @throws IllegalArgumentException when bits is not within {@link BucketMap#LEAST_BITS} … {@link BucketMap#MOST_BITS} */
    public BucketCounts(int bits) {
        BucketMap.checkBits(bits);
        this.bits = bits;
    }

    /** @throws IllegalArgumentException when there are more than {@value #MOST_STRATA} strata */
    public void add(int bucket, String stratum, long records) {
        if (bucket < 0 || bucket >= buckets()) {
            throw new IllegalArgumentException("bucket must be within 0 and " + (buckets() - 1) + ", it is " + bucket);
        }
        of(stratum)[bucket] += records;
    }

    /** @throws IllegalArgumentException when there are more than {@value #MOST_STRATA} strata then, or other bits */
    public void addAll(BucketCounts other) {
        if (bits != other.bits) {
            throw new IllegalArgumentException("counts of " + bits + " bits and of " + other.bits);
        }
        other.counts.forEach((stratum, more) -> {
            long[] buckets = of(stratum);
            for (int bucket = 0; bucket < buckets.length; bucket++) {
                buckets[bucket] += more[bucket];
            }
        });
    }

    private long[] of(String stratum) {
        long[] buckets = counts.get(stratum);
        if (buckets == null) {
            if (counts.size() == MOST_STRATA) {
                throw new IllegalArgumentException("more than " + MOST_STRATA
                        + " strata: stratify by columns of few values (one of these is '" + stratum + "')");
            }
            buckets = new long[buckets()];
            counts.put(stratum, buckets);
        }
        return buckets;
    }

    public int bits() {
        return bits;
    }

    public int buckets() {
        return 1 << bits;
    }

    /** All records. */
    public long total() {
        long total = 0;
        for (long[] stratum : byStratum()) {
            total += sum(stratum);
        }
        return total;
    }

    /** Stratum → [split]: how the map deals the records; sorted. */
    public SortedMap<String, long[]> bySplit(BucketMap map) {
        SortedMap<String, long[]> strata = new TreeMap<>();
        counts.forEach((stratum, buckets) -> {
            long[] splits = new long[map.fractions().size()];
            for (int bucket = 0; bucket < buckets.length; bucket++) {
                splits[map.splitOfBucket(bucket)] += buckets[bucket];
            }
            strata.put(stratum, splits);
        });
        return strata;
    }

    /** [stratum][bucket], in the strata's order. */
    long[][] byStratum() {
        return counts.values().toArray(new long[0][]);
    }

    static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }
}
