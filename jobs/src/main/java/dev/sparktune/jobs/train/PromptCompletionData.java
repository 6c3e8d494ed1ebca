package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.TaskSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What a model is tuned on, the rows of one or more sources: each a directory that prepare wrote, one with {@code train} and perhaps {@code validation} in it,
 * or a plain directory of Parquet files, which is all training data.
 */
public final class PromptCompletionData {
    private static final String TASK = "task";

    private final SparkSession spark;
    private final Locations locations;
    private final List<TaskSource> sources;

    /** @param sources at least one; those of the same data are read once */
    public PromptCompletionData(SparkSession spark, Locations locations, List<TaskSource> sources) {
        this.spark = spark;
        this.locations = locations;
        this.sources = sources;
    }

    /** {@code prompt}, {@code completion} of all sources. */
    public Dataset<Row> train() throws IOException {
        List<Dataset<Row>> parts = new ArrayList<>();
        for (String uri : dataUris()) {
            String root = root(uri);
            parts.add(read(locations.exists(root + "/train") ? root + "/train" : root, tasks(uri)));
        }
        return parts.stream().reduce(Dataset::union).orElseThrow();
    }

    /** As {@link #train}, of the sources that have a {@code validation}; empty where none has. */
    public Optional<Dataset<Row>> validation() throws IOException {
        List<Dataset<Row>> parts = new ArrayList<>();
        for (String uri : dataUris()) {
            String split = root(uri) + "/validation";
            if (locations.exists(split)) {
                parts.add(read(split, tasks(uri)));
            }
        }
        return parts.stream().reduce(Dataset::union);
    }

    private Set<String> dataUris() {
        return sources.stream().map(TaskSource::data).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** Values of the column {@code task}; empty for all rows. */
    private List<String> tasks(String uri) {
        return sources.stream()
                .filter(source -> source.data().equals(uri))
                .flatMap(source -> source.task().stream())
                .toList();
    }

    private String root(String uri) throws IOException {
        String prepared = uri + "/prompt_completion";
        return locations.exists(prepared) ? prepared : uri;
    }

    private Dataset<Row> read(String directory, List<String> tasks) throws IOException {
        Dataset<Row> rows = spark.read().parquet(locations.path(directory).toString());
        for (String column : List.of(Tokenization.PROMPT, Tokenization.COMPLETION)) {
            requireText(rows.schema(), column, directory);
        }
        Dataset<Row> wanted = tasks.isEmpty() ? rows : ofTasks(rows, tasks, directory);
        return wanted.select(Tokenization.PROMPT, Tokenization.COMPLETION);
    }

    private static Dataset<Row> ofTasks(Dataset<Row> rows, List<String> tasks, String directory) {
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
