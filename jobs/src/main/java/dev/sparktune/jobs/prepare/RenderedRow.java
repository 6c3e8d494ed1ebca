package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleSchema;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What leaves the rendering of a partition, in one schema so that one sort brings it into the order of the files: examples
 * of the splits, quarantined rows, and last the partition's tally.
 */
final class RenderedRow {
    /** Int: index of the split; the number of splits for quarantine, one more for the tally. */
    static final String FILE = "__file";
    /** Long: place in the file, by a seeded hash. */
    static final String ORDER = "__order";
    /** String: why the row is in quarantine. */
    static final String REASON = "__reason";
    /** String: the quarantined row, or the tally, as JSON. */
    static final String JSON = "__json";

    static final StructType SCHEMA = schema();

    private static final int FIRST = 2;
    private static final int LAST = FIRST + ExampleSchema.COLUMNS.size();

    private RenderedRow() {}

    static Row example(int split, long order, Example e) {
        return RowFactory.create(
                split,
                order,
                e.id(),
                e.groupId(),
                e.stratum(),
                e.source(),
                e.task(),
                e.templateId(),
                e.templateHash(),
                e.prompt(),
                e.completion(),
                e.answerChoices() == null ? null : e.answerChoices().toArray(new String[0]),
                e.targetLabel(),
                null,
                null);
    }

    static Row quarantined(int file, long order, String id, String reason, String json) {
        Object[] values = new Object[LAST + 2];
        values[0] = file;
        values[1] = order;
        values[FIRST] = id;
        values[LAST] = reason;
        values[LAST + 1] = json;
        return RowFactory.create(values);
    }

    static Row tally(int file, Tally tally) {
        return quarantined(file, 0, null, null, tally.toJson());
    }

    static int file(Row row) {
        return row.getInt(0);
    }

    static String id(Row row) {
        return row.getString(FIRST);
    }

    static String reason(Row row) {
        return row.getString(LAST);
    }

    static String json(Row row) {
        return row.getString(LAST + 1);
    }

    static Example toExample(Row row) {
        int i = FIRST;
        return new Example(
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                row.getString(i++),
                strings(row, i++),
                row.getString(i));
    }

    private static List<String> strings(Row row, int i) {
        return row.isNullAt(i) ? null : row.<String>getList(i);
    }

    private static StructType schema() {
        StructType schema = new StructType().add(FILE, DataTypes.IntegerType).add(ORDER, DataTypes.LongType);
        for (String column : ExampleSchema.COLUMNS) {
            schema = schema.add(
                    column,
                    column.equals(ExampleSchema.ANSWER_CHOICES)
                            ? DataTypes.createArrayType(DataTypes.StringType)
                            : DataTypes.StringType);
        }
        return schema.add(REASON, DataTypes.StringType).add(JSON, DataTypes.StringType);
    }
}
