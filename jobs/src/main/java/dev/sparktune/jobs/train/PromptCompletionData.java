package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a model is tuned on: the directory that prepare wrote, one with {@code train} and perhaps {@code validation} in it,
 * or a plain directory of Parquet files, which is all training data.
 */
public final class PromptCompletionData {
    private static final String TASK = "task";

    private final SparkSession spark;
    private final Locations locations;
    private final String uri;
    private final List<String> tasks;

    /** @param tasks names in the column {@code task}; empty takes all rows */
    public PromptCompletionData(SparkSession spark, Locations locations, String uri, List<String> tasks) {
        this.spark = spark;
        this.locations = locations;
        this.uri = uri;
        this.tasks = tasks;
    }

    public Dataset<Row> train() throws IOException {
        String root = root();
        return read(locations.exists(root + "/train") ? root + "/train" : root);
    }

    /** Empty where the directory has no {@code validation}. */
    public Optional<Dataset<Row>> validation() throws IOException {
        String split = root() + "/validation";
        return locations.exists(split) ? Optional.of(read(split)) : Optional.empty();
    }

    private String root() throws IOException {
        String prepared = uri + "/prompt_completion";
        return locations.exists(prepared) ? prepared : uri;
    }

    private Dataset<Row> read(String directory) throws IOException {
        Dataset<Row> rows = spark.read().parquet(locations.path(directory).toString());
        for (String column : List.of(Tokenization.PROMPT, Tokenization.COMPLETION)) {
            requireText(rows.schema(), column, directory);
        }
        if (tasks.isEmpty()) {
            return rows;
        }
        requireText(rows.schema(), TASK, directory);
        List<String> missing = new ArrayList<>(tasks);
        List<String> present = rows.select(TASK).distinct().sort(TASK).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
        missing.removeAll(present);
        if (!missing.isEmpty()) {
            throw new JobFailure("train.tasks names " + String.join(", ", missing) + ", but "
                    + Redaction.text(directory) + " has the tasks " + String.join(", ", present));
        }
        return rows.where(functions.col(TASK).isInCollection(tasks));
    }

    /** @throws JobFailure naming the columns that are there */
    public static void requireText(StructType schema, String column, String place) {
        List<String> names = List.of(schema.fieldNames());
        if (!names.contains(column)) {
            throw new JobFailure(
                    Redaction.text(place) + ": no column '" + column + "'; it has " + String.join(", ", names));
        }
        if (!schema.apply(column).dataType().equals(DataTypes.StringType)) {
            throw new JobFailure(Redaction.text(place) + ": the column '" + column + "' must hold strings, but holds "
                    + schema.apply(column).dataType().simpleString());
        }
    }
}
