package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.trim;

import dev.sparktune.jobs.input.ListedTable;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The ids of {@code input.exclude}, whose rows are to be left out.
 *
 * @param ids one column, {@value #KEY}: different texts
 */
record ExcludedIds(Dataset<Row> ids, long number) {
    private static final String KEY = "__excluded_key";
    /** Up to so many ids go to every executor whole; more are joined as Spark sees fit. */
    private static final int MOST_SENT_WHOLE = 300_000;

    static void check(InputSettings input) {
        if (input.exclude() == null && (input.excludeColumn() != null || input.excludeBy() != null)) {
            throw new SettingsException((input.excludeColumn() != null ? "input.exclude_column" : "input.exclude_by")
                    + ": is given, but no input.exclude");
        }
    }

    /**
     * @param comparedWith name of the input's column; null for the hash of the row
     * @throws JobFailure for a table that cannot be read or has no such column
     */
    static ExcludedIds read(SparkSession spark, InputSettings input, String comparedWith) {
        String place = "input.exclude: " + Redaction.text(input.exclude());
        Dataset<Row> table =
                SourceTable.analysed(place + ": cannot be read", () -> ListedTable.open(spark, input.exclude()));
        List<String> columns = Arrays.asList(table.columns());
        String column = input.excludeColumn() != null
                ? input.excludeColumn()
                : columns.size() == 1 ? columns.get(0) : comparedWith;
        if (column == null || !columns.contains(column)) {
            throw new JobFailure(place + ": has no column '" + column + "', but '" + String.join("', '", columns)
                    + "'; input.exclude_column names the one with the ids");
        }
        Dataset<Row> ids = table.select(
                        trim(InputTable.column(column).cast("string")).as(KEY))
                .where(col(KEY).isNotNull().and(col(KEY).notEqual("")))
                .distinct();
        List<Row> first = SourceTable.analysed(place + ": cannot be read", () -> ids.takeAsList(MOST_SENT_WHOLE + 1));
        return first.size() <= MOST_SENT_WHOLE
                ? new ExcludedIds(broadcast(spark.createDataFrame(first, ids.schema())), first.size())
                : new ExcludedIds(ids, ids.count());
    }

    /** How many of the ids are found in a column. */
    long found(Dataset<Row> rows, Column key) {
        return rows.select(key.as(InputTable.EXCLUDED))
                .join(ids, col(InputTable.EXCLUDED).equalTo(col(KEY)))
                .select(KEY)
                .distinct()
                .count();
    }

    /** Adds {@link InputTable#EXCLUDED}. */
    Dataset<Row> marked(Dataset<Row> rows, Column key) {
        return rows.join(ids, key.equalTo(col(KEY)), "left_outer")
                .withColumn(InputTable.EXCLUDED, col(KEY).isNotNull())
                .drop(KEY);
    }
}
