package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampType;

/** The user's files as a table, whatever their format. */
public final class SourceTable {
    /** Column with the text of a line that does not parse; null in others. Only tables of lines have it. */
    static final String CORRUPT = "_corrupt_record";

    private SourceTable() {}

    /** @throws JobFailure for files that cannot be read so, or a condition that does not fit their columns */
    static Dataset<Row> open(SparkSession spark, InputSettings input) {
        String place = Redaction.text(String.join(", ", input.path()));
        Dataset<Row> table = analysed(place + ": cannot be read as " + input.format(), () -> load(spark, input));
        if (table.columns().length == 0) {
            throw new JobFailure(place + ": there are no columns");
        }
        if (input.where() == null) {
            return table;
        }
        return analysed("input.where: " + input.where(), () -> table.where(input.where()));
    }

    private static Dataset<Row> load(SparkSession spark, InputSettings input) {
        DataFrameReader reader = spark.read().format(input.format()).options(input.options());
        String[] paths = input.path().toArray(new String[0]);
        Dataset<Row> table = reader.load(paths);
        boolean ownMode = input.options().keySet().stream().anyMatch("mode"::equalsIgnoreCase);
        if (input.format().equals("parquet") || ownMode || table.columns().length == 0) {
            return table;
        }
        StructType schema = table.schema();
        if (!Arrays.asList(schema.fieldNames()).contains(CORRUPT)) {
            schema = schema.add(CORRUPT, DataTypes.StringType);
        }
        // Without pruning every pass over the file judges a line alike, whichever columns it asks for.
        return reader.option("columnNameOfCorruptRecord", CORRUPT)
                .option("columnPruning", false)
                .schema(schema)
                .load(paths);
    }

    /** Times as texts in the session's time zone: as values they would be printed in that of the machine a task happens to run on. */
    public static Dataset<Row> timesAsText(Dataset<Row> rows) {
        Dataset<Row> text = rows;
        for (StructField field : rows.schema().fields()) {
            if (field.dataType() instanceof TimestampType) {
                text = text.withColumn(
                        field.name(), InputTable.column(field.name()).cast("string"));
            }
        }
        return text;
    }

    /**
     * Spark explains an error over many lines, with the plan or the path of stages before the cause: one line of it says
     * what is wrong.
     *
     * @param what is wrong, in our words
     */
    public static <T> T analysed(String what, Callable<T> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            Throwable cause = e;
            while (!(e instanceof AnalysisException) && cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new JobFailure(
                    what + ": "
                            + String.valueOf(cause.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    e);
        }
    }
}
