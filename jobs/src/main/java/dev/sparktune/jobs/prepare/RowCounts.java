package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.split.BucketCounts;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.RepeatedHashes;
import java.io.Serializable;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * How many rows there are, and in which bucket and stratum: one pass over the columns that say so. Each task counts into arrays,
 * which are then added up; Spark's own aggregate would search its table of buckets and strata for every row.
 */
final class RowCounts implements Serializable {
    private static final long serialVersionUID = 1;

    /** One row in so many, chosen by its hash, is rendered to see how long its texts are. */
    private static final int SAMPLED = 256;
    /** A task's counts take megabytes: few of them meet in the driver, however many tasks there are. */
    private static final int TREE_DEPTH = 3;

    private final String salt;
    private final BucketCounts good;
    private final RepeatedHashes ids = new RepeatedHashes();
    /** reason → rows. */
    private final TreeMap<String, Long> bad = new TreeMap<>();

    private long sampled;
    private long sampledBytes;
    /** Why these counts cannot serve; null where they can. */
    private String failure;

    private RowCounts(String salt, int bits) {
        this.salt = salt;
        this.good = new BucketCounts(bits);
    }

    /**
     * @param salt of the buckets
     * @param bits of the buckets
     * @param bytes of a row's prompts and completions: long
     * @throws JobFailure when there are too many strata
     */
    static RowCounts of(InputTable table, String salt, int bits, Column bytes) {
        Column sampled = col(InputTable.REASON)
                .isNull()
                .and(col(InputTable.HASH).mod(SAMPLED).equalTo(0));
        RowCounts counts = WalkedRows.of(table.rows()
                        .select(
                                col(InputTable.REASON),
                                col(InputTable.GROUP),
                                col(InputTable.STRATUM),
                                col(InputTable.HASH),
                                when(sampled, bytes)))
                .treeAggregate(new RowCounts(salt, bits), RowCounts::add, RowCounts::addAll, TREE_DEPTH);
        if (counts.failure != null) {
            throw new JobFailure("split.stratify: " + counts.failure);
        }
        return counts;
    }

    private RowCounts add(Row row) {
        if (failure != null) {
            return this; // it would be raised again for each row
        }
        if (!row.isNullAt(0)) {
            bad.merge(row.getString(0), 1L, Long::sum);
            return this;
        }
        try {
            good.add(BucketMap.bucketOf(salt, good.bits(), row.getString(1)), row.getString(2), 1);
        } catch (IllegalArgumentException e) {
            failure = e.getMessage();
        }
        ids.add(row.getLong(3));
        if (!row.isNullAt(4)) {
            sampled++;
            sampledBytes += row.getLong(4);
        }
        return this;
    }

    private RowCounts addAll(RowCounts other) {
        failure = failure == null ? other.failure : failure;
        try {
            good.addAll(other.good);
        } catch (IllegalArgumentException e) {
            failure = e.getMessage();
        }
        ids.addAll(other.ids);
        other.bad.forEach((reason, rows) -> bad.merge(reason, rows, Long::sum));
        sampled += other.sampled;
        sampledBytes += other.sampledBytes;
        return this;
    }

    BucketCounts good() {
        return good;
    }

    /** By {@link InputTable#HASH}: which ids of good rows may occur again. */
    RepeatedHashes ids() {
        return ids;
    }

    /** Reason → rows of which nothing is made. */
    SortedMap<String, Long> bad() {
        return bad;
    }

    /** Of a row's prompts and completions, all templates together; {@code unknown} where no row was looked at. */
    double bytesPerRow(double unknown) {
        return sampled == 0 ? unknown : (double) sampledBytes / sampled;
    }
}
