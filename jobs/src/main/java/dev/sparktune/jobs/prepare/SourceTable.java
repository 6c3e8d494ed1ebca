package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.input.BadFile;
import dev.sparktune.jobs.input.InputFiles;
import dev.sparktune.jobs.input.InputForm;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.TimestampType;

/**
 * The user's table or files, whatever their format.
 *
 * @param rows those that the user's condition holds for
 * @param badFiles those that were left out
 */
public record SourceTable(Dataset<Row> rows, List<BadFile> badFiles) {
    /** @throws SettingsException unless the user named files or a table, and one of them only */
    public static void check(InputSettings input) {
        if (input.path().isEmpty() == (input.table() == null)) {
            throw new SettingsException(
                    input.table() == null
                            ? "input.path: is required, or input.table"
                            : "input.path and input.table: give one of them");
        }
    }

    /** @throws JobFailure for files that cannot be read so, or a condition that does not fit their columns */
    public static SourceTable open(SparkSession spark, InputSettings input) {
        SourceTable source = input.table() == null ? ofFiles(spark, input) : ofTable(spark, input.table());
        Dataset<Row> rows = InputForm.named(input.form()).of(source.rows);
        if (input.where() != null) {
            Dataset<Row> all = rows;
            rows = analysed("input.where: " + input.where(), () -> all.where(input.where()));
        }
        return new SourceTable(rows, source.badFiles);
    }

    private static SourceTable ofTable(SparkSession spark, String name) {
        return new SourceTable(table(spark, name), List.of());
    }

    private static Dataset<Row> table(SparkSession spark, String name) {
        return analysed("input.table: " + name, () -> spark.table(name));
    }

    /**
     * The files behind {@code input.table}, with their lengths and times; none where Spark knows of none, as behind a table of
     * another database, or where there is no such setting.
     *
     * @throws JobFailure where there is no such table
     */
    public static List<String> fingerprint(InputSettings input, Supplier<SparkSession> session) throws IOException {
        if (input.table() == null) {
            return List.of();
        }
        SparkSession spark = session.get();
        Locations locations = new Locations(spark.sessionState().newHadoopConf());
        List<String> lines = new ArrayList<>();
        for (String uri : table(spark, input.table()).inputFiles()) {
            lines.addAll(locations.fingerprint(new Path(URI.create(uri))));
        }
        return lines.stream().sorted().distinct().toList();
    }

    private static SourceTable ofFiles(SparkSession spark, InputSettings input) {
        String place = Redaction.text(String.join(", ", input.path()));
        SourceTable source = analysed(place + ": cannot be read as " + input.format(), () -> {
            InputFiles files = InputFiles.find(spark, input);
            return new SourceTable(files.rows(), files.bad());
        });
        if (source.rows.columns().length == 0) {
            throw new JobFailure(place + ": there are no columns");
        }
        return source;
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
