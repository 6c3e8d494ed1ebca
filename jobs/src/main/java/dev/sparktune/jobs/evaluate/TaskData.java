package dev.sparktune.jobs.evaluate;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.hex;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.jobs.train.PromptCompletionData;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Rows of prepared data, chosen by hash so that the same ones come whatever the number of files or executors. */
final class TaskData {
    private static final String PROMPT = "prompt";
    private static final String COMPLETION = "completion";
    private static final List<String> TEXT_COLUMNS = List.of(
            "id",
            "group_id",
            "stratum",
            "source",
            "task",
            "template_id",
            "template_hash",
            PROMPT,
            COMPLETION,
            "target_label");

    private final SparkSession spark;
    private final JobContext job;

    TaskData(JobContext job) {
        this.job = job;
        this.spark = job.spark();
    }

    /** The tasks of a split, sorted: a source without a task becomes one source for each. */
    List<TaskSource> resolve(TaskSource source, String split) throws IOException {
        if (source.task().isPresent()) {
            return List.of(source);
        }
        List<TaskSource> sources = new ArrayList<>();
        Dataset<Row> tasks =
                read(source, split).select("task").distinct().na().drop().orderBy("task");
        for (Row row : tasks.collectAsList()) {
            sources.add(new TaskSource(row.getString(0), Optional.of(row.getString(0)), source.data()));
        }
        return sources.isEmpty() ? List.of(new TaskSource("all", Optional.empty(), source.data())) : sources;
    }

    /** A task's examples in a split: all, or those {@code limit} whose id has the lowest hash; in the order of that hash. */
    List<Row> examples(TaskSource source, String split, Integer limit) throws IOException {
        Dataset<Row> rows = ofTask(source, split).orderBy(xxhash64(col("id")), col("id"), col("template_id"));
        List<Row> examples = (limit == null ? rows : rows.limit(limit)).collectAsList();
        if (examples.isEmpty()) {
            List<Row> there = read(source, split)
                    .select("task")
                    .distinct()
                    .orderBy("task")
                    .collectAsList();
            throw new JobFailure("evaluate.tasks: no row of the " + split + " split of " + Redaction.text(source.data())
                    + " has the task '" + source.task().orElse("") + "'; its tasks are "
                    + there.stream().map(row -> row.getString(0)).toList());
        }
        return examples;
    }

    /**
     * Some examples of the training split to show as shots, of those with a prompt and a completion: those whose seeded hash of the id
     * is lowest.
     */
    List<Example> shotPool(TaskSource source, int size, long seed) throws IOException {
        return ofTask(source, "train")
                .where(col(PROMPT).isNotNull().and(col(COMPLETION).isNotNull()))
                .orderBy(xxhash64(lit(seed), col("id")), col("id"), col("template_id"))
                .limit(size)
                .collectAsList()
                .stream()
                .map(TaskData::example)
                .toList();
    }

    private Dataset<Row> ofTask(TaskSource source, String split) throws IOException {
        Dataset<Row> rows = read(source, split);
        return source.task().map(task -> rows.filter(col("task").equalTo(task))).orElse(rows);
    }

    /** The split's rows with every column of an {@link Example}: null where the files lack it, an id made where it is null. */
    private Dataset<Row> read(TaskSource source, String split) throws IOException {
        Dataset<Row> rows = spark.read().parquet(directory(source.data(), split));
        List<String> there = Arrays.asList(rows.columns());
        for (String text : List.of(PROMPT, COMPLETION)) {
            PromptCompletionData.requireText(rows.schema(), text, source.data() + ": the " + split + " split");
        }
        List<Column> columns = new ArrayList<>();
        for (String name : TEXT_COLUMNS) {
            columns.add((there.contains(name) ? col(name) : lit(null))
                    .cast("string")
                    .as(name));
        }
        columns.add((there.contains("answer_choices") ? col("answer_choices") : lit(null))
                .cast("array<string>")
                .as("answer_choices"));
        Column made = concat(lit("row-"), hex(xxhash64(col(PROMPT), col(COMPLETION))));
        return rows.select(columns.toArray(Column[]::new)).withColumn("id", coalesce(col("id"), made));
    }

    private String directory(String data, String split) throws IOException {
        String prepared = data + "/prompt_completion/" + split;
        String plain = data + "/" + split;
        for (String directory : List.of(prepared, plain)) {
            if (job.locations().exists(directory)) {
                return job.locations().path(directory).toString();
            }
        }
        throw new JobFailure("no " + split + " split: neither " + Redaction.text(prepared) + " nor "
                + Redaction.text(plain) + " is there");
    }

    /** Whether a row of {@link #examples} has a prompt and a completion; without them it can be no {@link #example}. */
    static boolean hasText(Row row) {
        return row.getAs(PROMPT) != null && row.getAs(COMPLETION) != null;
    }

    /** Whether a row that {@link #hasText} has answers to choose from. */
    static boolean hasChoices(Row row) {
        List<String> choices = example(row).answerChoices();
        return choices != null && !choices.isEmpty();
    }

    /** The record of a row that {@link #hasText}. */
    static Example example(Row row) {
        int choices = row.fieldIndex("answer_choices");
        return new Example(
                row.getAs("id"),
                row.getAs("group_id"),
                row.getAs("stratum"),
                row.getAs("source"),
                row.getAs("task"),
                row.getAs("template_id"),
                row.getAs("template_hash"),
                row.getAs(PROMPT),
                row.getAs(COMPLETION),
                row.isNullAt(choices) ? null : row.getList(choices),
                row.getAs("target_label"));
    }
}
