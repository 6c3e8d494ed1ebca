package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.BucketCounts;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.BucketSearch;
import dev.sparktune.split.RepeatedHashes;
import dev.sparktune.split.SplitFractions;
import java.util.SortedMap;
import org.apache.spark.sql.Column;

/**
 * Who goes where, and how many rows there are to go.
 *
 * @param map from groups to splits
 * @param strata stratum → [split]: rows that the map puts there (repeated ids and texts are not known yet, and counted)
 * @param ids which of the rows' ids may occur again
 * @param bytesPerRow of a row's prompts and completions, all templates together
 */
record SplitPlan(BucketMap map, SortedMap<String, long[]> strata, RepeatedHashes ids, double bytesPerRow) {
    /** The split that is trained on; all others are for evaluation. */
    static final String TRAIN = "train";

    private static final double UNKNOWN_BYTES_PER_ROW = 1_000;

    /**
     * Counts the rows of each bucket and stratum and searches a map unless one is frozen.
     *
     * @param bytes of a row's prompts and completions: long
     * @param frozen or null
     * @throws JobFailure when there is no row, no good one, or there are too many strata
     */
    static SplitPlan of(InputTable table, SplitSettings split, Column bytes, BucketMap frozen) {
        int bits = frozen == null ? BucketMap.DEFAULT_BITS : frozen.bits();
        String salt = frozen == null ? split.salt() : frozen.salt();
        RowCounts rows = RowCounts.of(table, salt, bits, bytes);
        BucketCounts counts = rows.good();
        if (counts.total() == 0) {
            throw new JobFailure(
                    rows.bad().isEmpty() ? "the input has no rows" : "no row of the input is good: " + rows.bad());
        }
        BucketMap map =
                frozen != null ? frozen : BucketSearch.search(counts, SplitFractions.of(split.fractions()), salt);
        return new SplitPlan(map, counts.bySplit(map), rows.ids(), rows.bytesPerRow(UNKNOWN_BYTES_PER_ROW));
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
