package dev.sparktune.split;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Splits of an exact size. Of each stratum such a split holds the records of the lowest hashes, up to a last one; what lies
 * behind it is in reserve: never trained on, never measured with. The last hashes are frozen beside the bucket map, so that a
 * record stays where it is as the data grow (and the split then grows in proportion).
 *
 * <p>In a manifest: <pre>{"test": {"1": -8070450532247928832, "5": -9150747060186627967}}</pre>
 */
public final class SplitSizes implements Serializable {
    /** Every split takes whatever its buckets hold. */
    public static final SplitSizes NONE = new SplitSizes(Map.of());

    private static final long serialVersionUID = 1;

    /** split → stratum → highest hash that is in it; a stratum that is missing has no record in it. */
    private final TreeMap<String, TreeMap<String, Long>> last = new TreeMap<>();

    private SplitSizes(Map<String, ? extends Map<String, Long>> last) {
        last.forEach((split, strata) -> this.last.put(split, new TreeMap<>(strata)));
    }

    /**
     * Shares a size out over the strata in proportion to their records, by largest remainders.
     *
     * @param sizes split → records that it shall hold
     * @param lowest split → stratum → all its records were added; it kept at least {@link #mostOf} of them
     * @throws IllegalArgumentException where a split has fewer records than its size
     */
    public static SplitSizes of(Map<String, Long> sizes, Map<String, Map<String, LowestHashes>> lowest) {
        Map<String, Map<String, Long>> last = new TreeMap<>();
        sizes.forEach((split, size) -> {
            TreeMap<String, LowestHashes> strata = new TreeMap<>(lowest.getOrDefault(split, Map.of()));
            long[] records =
                    strata.values().stream().mapToLong(LowestHashes::seen).toArray();
            long[] shares = shares(split, size, records);
            Map<String, Long> ends = new TreeMap<>();
            int i = 0;
            for (Map.Entry<String, LowestHashes> stratum : strata.entrySet()) {
                int share = Math.toIntExact(shares[i++]);
                if (share > 0) {
                    ends.put(stratum.getKey(), stratum.getValue().sorted()[share - 1]);
                }
            }
            last.put(split, ends);
        });
        return new SplitSizes(last);
    }

    /** The hashes that one stratum can need: its share is no more than the whole size. */
    public static int mostOf(long size) {
        return Math.toIntExact(size);
    }

    /** @return [stratum] that sum to size, none above its records */
    private static long[] shares(String split, long size, long[] records) {
        long all = 0;
        for (long stratum : records) {
            all += stratum;
        }
        if (size > all) {
            throw new IllegalArgumentException("split '" + split + "' shall hold " + size + " records, but its share of"
                    + " the data has " + all + ": give it a larger fraction or a smaller size");
        }
        long[] shares = new long[records.length];
        double[] rest = new double[records.length];
        long left = size;
        for (int stratum = 0; stratum < records.length; stratum++) {
            double exact = (double) size * records[stratum] / all;
            shares[stratum] = (long) exact;
            rest[stratum] = exact - shares[stratum];
            left -= shares[stratum];
        }
        for (; left > 0; left--) {
            int largest = 0;
            for (int stratum = 1; stratum < rest.length; stratum++) {
                if (rest[stratum] > rest[largest]) {
                    largest = stratum;
                }
            }
            shares[largest]++;
            rest[largest] = -1;
        }
        return shares;
    }

    /** Whether a record that its bucket puts into a split is really in it, and not in reserve. */
    public boolean holds(String split, String stratum, long hash) {
        TreeMap<String, Long> strata = last.get(split);
        if (strata == null) {
            return true;
        }
        Long end = strata.get(stratum);
        return end != null && hash <= end;
    }

    /** Names of the splits that have an exact size; sorted. */
    public Set<String> splits() {
        return Collections.unmodifiableSet(last.keySet());
    }

    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        last.forEach((split, strata) -> {
            ObjectNode ends = json.putObject(split);
            strata.forEach(ends::put);
        });
        return json;
    }

    /** @throws IllegalArgumentException when the JSON is not such a map */
    public static SplitSizes fromJson(JsonNode json) {
        Map<String, Map<String, Long>> last = new TreeMap<>();
        json.fields().forEachRemaining(split -> {
            Map<String, Long> strata = new TreeMap<>();
            split.getValue().fields().forEachRemaining(stratum -> {
                if (!stratum.getValue().canConvertToLong()) {
                    throw new IllegalArgumentException("the last hash of split '" + split.getKey() + "', stratum '"
                            + stratum.getKey() + "' must be a whole number of 64 bits, it is " + stratum.getValue());
                }
                strata.put(stratum.getKey(), stratum.getValue().longValue());
            });
            last.put(split.getKey(), strata);
        });
        return new SplitSizes(last);
    }
}
