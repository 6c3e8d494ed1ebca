package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import dev.sparktune.split.RepeatedHashes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What every two splits have in common, found in the keys of the examples as they were written: a check of the result, not of the
 * plan.
 *
 * @param shared {@code train and test} → {@code id}, {@code group}, {@code example} → different values that lie in both. An example
 *     is a prompt with its completion; of each record the longest is compared, so that most of the record shows
 * @param near pairs of nearly the same texts that were found between two splits, before training rows left; null where they were
 *     not looked for
 */
record LeakReport(Map<String, Map<String, Long>> shared, SortedMap<String, Long> near) {
    /** In the order of their numbers. */
    private static final List<String> KINDS = List.of("id", "group", "example");

    /** What {@link KeyWriter} writes. */
    static final StructType KEYS = new StructType()
            .add(KeyWriter.SPLIT, DataTypes.IntegerType)
            .add(KeyWriter.ID, DataTypes.LongType)
            .add(KeyWriter.GROUP, DataTypes.LongType)
            .add(KeyWriter.EXAMPLE, DataTypes.LongType);

    /** A task sends 4 MB: few of them meet in the driver, however many tasks there are. */
    private static final int TREE_DEPTH = 3;

    private static final String KIND = "kind";
    private static final String HASH = "hash";

    static String pair(String split, String other) {
        return split + " and " + other;
    }

    /**
     * One exchange of hashes: of those that may occur again.
     *
     * @param keys directory of what {@link KeyWriter} wrote
     */
    static LeakReport of(SparkSession spark, Path keys, List<String> splits, SortedMap<String, Long> near) {
        Map<String, Map<String, Long>> shared = new LinkedHashMap<>();
        for (int a = 0; a < splits.size(); a++) {
            for (int b = a + 1; b < splits.size(); b++) {
                Map<String, Long> nothing = new LinkedHashMap<>();
                KINDS.forEach(kind -> nothing.put(kind, 0L));
                shared.put(pair(splits.get(a), splits.get(b)), nothing);
            }
        }
        Dataset<Row> written = spark.read().schema(KEYS).parquet(keys.toString());
        // Megabytes: sent to each executor once, not with each task.
        Broadcast<RepeatedHashes> repeated =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(repeated(written));
        Column entries = array(entry(0, KeyWriter.ID), entry(1, KeyWriter.GROUP), entry(2, KeyWriter.EXAMPLE));
        List<Row> found = written.select(
                        explode(entries).as("entry"),
                        expr("shiftleft(1L, " + KeyWriter.SPLIT + ")").as("split"))
                .select(col("entry." + KIND), col("entry." + HASH), col("split"))
                .where(udf(
                                (UDF1<Long, Boolean>)
                                        hash -> hash != null && repeated.value().mayRepeat(hash),
                                DataTypes.BooleanType)
                        .apply(col(HASH)))
                .groupBy(KIND, HASH)
                .agg(expr("bit_or(split)").as("splits"))
                .where("bit_count(splits) > 1")
                .groupBy(KIND, "splits")
                .count()
                .collectAsList();
        for (Row row : found) {
            long in = row.getLong(1);
            for (int a = 0; a < splits.size(); a++) {
                for (int b = a + 1; b < splits.size(); b++) {
                    if ((in >> a & in >> b & 1) == 1) {
                        shared.get(pair(splits.get(a), splits.get(b)))
                                .merge(KINDS.get(row.getInt(0)), row.getLong(2), Long::sum);
                    }
                }
            }
        }
        return new LeakReport(shared, near);
    }

    private static RepeatedHashes repeated(Dataset<Row> keys) {
        return WalkedRows.of(keys.select(KeyWriter.ID, KeyWriter.GROUP, KeyWriter.EXAMPLE))
                .treeAggregate(
                        new RepeatedHashes(),
                        (hashes, row) -> {
                            for (int kind = 0; kind < KINDS.size(); kind++) {
                                if (!row.isNullAt(kind)) {
                                    hashes.add(row.getLong(kind));
                                }
                            }
                            return hashes;
                        },
                        (hashes, others) -> {
                            hashes.addAll(others);
                            return hashes;
                        },
                        TREE_DEPTH);
    }

    private static Column entry(int kind, String column) {
        return struct(lit(kind).as(KIND), col(column).as(HASH));
    }
}
