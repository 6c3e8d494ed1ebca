package dev.sparktune.split;

import java.util.Map;
import java.util.TreeMap;

/**
 * How many records of each stratum lie in each bucket: all that the search knows of the data. Its size is bounded by
 * buckets × strata, whatever the number of records.
 */
public final class BucketCounts {
    /** Stratifying by a column with more values than this is a mistake (a product's number, a date). */
    public static final int MOST_STRATA = 4096;

    private final int bits;
    /** [bucket] → stratum → records; sorted, so that nothing depends on the order of adding. */
    private final Map<Integer, TreeMap<String, Long>> counts = new TreeMap<>();

    private final TreeMap<String, Long> strata = new TreeMap<>();

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
        strata.merge(stratum, records, Long::sum);
        if (strata.size() > MOST_STRATA) {
            throw new IllegalArgumentException("more than " + MOST_STRATA
                    + " strata: stratify by columns of few values (one of these is '" + stratum + "')");
        }
        counts.computeIfAbsent(bucket, b -> new TreeMap<>()).merge(stratum, records, Long::sum);
    }

    public int bits() {
        return bits;
    }

    public int buckets() {
        return 1 << bits;
    }

    /** All records. */
    public long total() {
        return strata.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Stratum → its records, sorted by stratum. */
    TreeMap<String, Long> strata() {
        return strata;
    }

    /** Stratum → records of one bucket, sorted by stratum; empty where nothing fell. */
    Map<String, Long> of(int bucket) {
        return counts.getOrDefault(bucket, new TreeMap<>());
    }
}
