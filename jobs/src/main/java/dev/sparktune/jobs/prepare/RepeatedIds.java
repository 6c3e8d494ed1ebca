package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode_outer;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.udf;
import static org.apache.spark.sql.functions.when;

import dev.sparktune.split.BucketMap;
import dev.sparktune.split.RepeatedHashes;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF3;
import org.apache.spark.sql.types.DataTypes;

/**
 * Of good rows that have an id in common one stays: of several groups that of the lowest hash, whatever the order of the files. To
 * find them takes no exchange but that of the rows. Rows of one id meet in a file where their groups are of one split; to the files
 * of the other splits a row whose id may occur again sends notice of itself, which stands there where the row would.
 *
 * <p>Equal hashes of 64 bits count as equal ids: over a billion rows a row is set aside wrongly with a probability of 3 %.
 */
final class RepeatedIds {
    static final String REASON = "duplicate id";
    /** A {@link PlacedTable#MARK} that sets nothing aside. */
    static final String NOTICE = "notice";

    private static final String NOTICE_TO = "__notice_to";

    private boolean any;
    private long hash;
    private long tie;

    /** The table's rows, with {@link PlacedTable#MARK}, and the notices among them: they have a hash, a tie and a place. */
    static Dataset<Row> noticed(PlacedTable table) {
        // Megabytes: sent to each executor once, not with each task.
        Broadcast<RepeatedHashes> ids = JavaSparkContext.fromSparkContext(
                        table.rows().sparkSession().sparkContext())
                .broadcast(table.ids());
        BucketMap map = table.map();
        FilePlan files = table.files();
        Column to = udf(
                        (UDF3<Long, String, Boolean, Integer[]>) (hash, group, good) ->
                                good && ids.value().mayRepeat(hash) ? files.others(map.splitOf(group), hash) : null,
                        DataTypes.createArrayType(DataTypes.IntegerType))
                .apply(
                        col(InputTable.HASH),
                        col(InputTable.GROUP),
                        col(InputTable.REASON).isNull());
        List<Column> columns = new ArrayList<>();
        for (String name : table.rows().columns()) {
            Column own = InputTable.column(name);
            columns.add(
                    switch (name) {
                        case InputTable.HASH, PlacedTable.TIE -> own;
                        case PlacedTable.PLACE -> coalesce(col(NOTICE_TO), own).as(name);
                        default -> when(col(NOTICE_TO).isNull(), own).as(name);
                    });
        }
        columns.add(when(col(NOTICE_TO).isNotNull(), lit(NOTICE)).as(PlacedTable.MARK));
        return table.rows().withColumn(NOTICE_TO, explode_outer(to)).select(columns.toArray(new Column[0]));
    }

    /** Takes good rows and notices in the order of their hashes, then ties; true unless one of another group came before. */
    boolean isFirst(long rowHash, long rowTie) {
        if (!any || hash != rowHash) {
            any = true;
            hash = rowHash;
            tie = rowTie;
        }
        return tie == rowTie;
    }
}
