package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.split.BucketMap;
import dev.sparktune.split.RepeatedHashes;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The table with each row's place: its split, and the file that its examples go to.
 *
 * <p>A row that turns out to be superfluous (a text that is there already) is not searched for and removed, which would take a
 * join: a {@linkplain #MARKS mark} is made for it, travels to the row's place by the one exchange there is, and stands in front of
 * the row once they are sorted.
 *
 * @param ids which of the rows' ids may occur in several groups
 */
record PlacedTable(Dataset<Row> rows, List<String> columns, BucketMap map, FilePlan files, RepeatedHashes ids) {
    /** Long: hash of the row's group; with the hash of its id it names the row. */
    static final String TIE = "__tie";
    /** Int: the key by which Spark's exchange takes the row to its file. */
    static final String PLACE = "__place";
    /** String, null in rows: why the row that a mark is for is set aside, or {@link RepeatedIds#NOTICE}. */
    static final String MARK = "__mark";

    static final StructType MARKS = new StructType()
            .add(InputTable.HASH, DataTypes.LongType)
            .add(TIE, DataTypes.LongType)
            .add(PLACE, DataTypes.IntegerType)
            .add(MARK, DataTypes.StringType);

    static PlacedTable of(InputTable table, SplitPlan plan) {
        FilePlan files = plan.files();
        BucketMap map = plan.map();
        var place = udf(
                (UDF3<Long, String, Boolean, Integer>)
                        (hash, group, good) -> good ? files.key(map.splitOf(group), hash) : files.key(hash),
                DataTypes.IntegerType);
        Dataset<Row> rows = table.rows()
                .withColumn(TIE, xxhash64(col(InputTable.GROUP)))
                .withColumn(
                        PLACE,
                        place.apply(
                                col(InputTable.HASH),
                                col(InputTable.GROUP),
                                col(InputTable.REASON).isNull()));
        return new PlacedTable(rows, table.columns(), map, files, plan.ids());
    }

    /** Rows that are not set aside for what is in them. */
    Dataset<Row> good() {
        return rows.where(col(InputTable.REASON).isNull());
    }

    /** Int: index of the split of a row that is good. */
    Column split() {
        BucketMap splits = map;
        return udf((UDF1<String, Integer>) splits::splitOf, DataTypes.IntegerType)
                .apply(col(InputTable.GROUP));
    }
}
