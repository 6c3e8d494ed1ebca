package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.BucketCounts;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.BucketSearch;
import dev.sparktune.split.SplitFractions;
import java.util.Iterator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;

/**
 * Who goes where, and how many rows there are to go.
 *
 * @param map from groups to splits
 * @param strata stratum → [split]: rows that the map puts there (repeated ids and texts are not known yet, and counted)
 * @param bytesPerRow of a row's prompts and completions, all templates together
 */
record SplitPlan(BucketMap map, SortedMap<String, long[]> strata, double bytesPerRow) {
    /** The split that is trained on; all others are for evaluation. */
    static final String TRAIN = "train";

    /** One row in so many, chosen by its hash, is rendered to see how long its texts are. */
    private static final int SAMPLED = 256;

    private static final double UNKNOWN_BYTES_PER_ROW = 1_000;

    /**
     * Counts the rows of each bucket and stratum, one aggregate, and searches a map unless one is frozen.
     *
     * @param bytes of a row's prompts and completions: long
     * @param frozen or null
     * @throws JobFailure when there is no row, no good one, or there are too many strata
     */
    static SplitPlan of(InputTable table, SplitSettings split, Column bytes, BucketMap frozen) {
        int bits = frozen == null ? BucketMap.DEFAULT_BITS : frozen.bits();
        String salt = split.salt();
        var bucketOf =
                udf((UDF1<String, Integer>) group -> BucketMap.bucketOf(salt, bits, group), DataTypes.IntegerType);
        Column good = col(InputTable.REASON).isNull();
        Column sampled = good.and(col(InputTable.HASH).mod(SAMPLED).equalTo(0));
        Iterator<Row> groups = table.rows()
                .groupBy(
                        col(InputTable.REASON),
                        when(good, bucketOf.apply(col(InputTable.GROUP))),
                        when(good, col(InputTable.STRATUM)))
                .agg(count(lit(1)), count(when(sampled, 1)), sum(when(sampled, bytes)))
                .toLocalIterator();
        BucketCounts counts = new BucketCounts(bits);
        Map<String, Long> bad = new TreeMap<>();
        long[] sample = new long[2];
        try {
            groups.forEachRemaining(row -> {
                if (row.isNullAt(0)) {
                    counts.add(row.getInt(1), row.getString(2), row.getLong(3));
                    sample[0] += row.getLong(4);
                    sample[1] += row.isNullAt(5) ? 0 : row.getLong(5);
                } else {
                    bad.merge(row.getString(0), row.getLong(3), Long::sum);
                }
            });
        } catch (IllegalArgumentException e) {
            throw new JobFailure("split.stratify: " + e.getMessage(), e);
        }
        if (counts.total() == 0) {
            throw new JobFailure(bad.isEmpty() ? "the input has no rows" : "no row of the input is good: " + bad);
        }
        BucketMap map =
                frozen != null ? frozen : BucketSearch.search(counts, SplitFractions.of(split.fractions()), salt);
        return new SplitPlan(
                map, counts.bySplit(map), sample[0] == 0 ? UNKNOWN_BYTES_PER_ROW : (double) sample[1] / sample[0]);
    }

    /** Rows that the map puts into a split. */
    long rows(int split) {
        return strata.values().stream().mapToLong(splits -> splits[split]).sum();
    }

    FilePlan files() {
        double[] bytes = new double[map.fractions().size()];
        for (int split = 0; split < bytes.length; split++) {
            bytes[split] = rows(split) * bytesPerRow;
        }
        return FilePlan.of(bytes);
    }
}
