package dev.sparktune.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.jobs.generate.CompletionTask;
import dev.sparktune.jobs.generate.PromptTable;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.ExecutorProgress;
import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.settings.GenerateSettings;
import dev.sparktune.jobs.settings.PromptTemplateSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.progress.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Writes a completion for every prompt of a table, on all executors: OUTPUT/generate/completions. Which rows make a part
 * depends on the rows alone, so that a run that was cut off goes on with the parts that are missing.
 */
public final class GenerateJob {
    private static final Job JOB = new Job(
            "generate",
            "Writes a completion for every prompt of a table.",
            Set.of("output", "generate"),
            true,
            true,
            settings -> settings.output() + "/generate",
            GenerateJob::inputs,
            GenerateJob::check);

    private GenerateJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, GenerateJob::run);
    }

    private static String modelUri(Settings settings) {
        String model = settings.generate().model();
        return model != null ? model : settings.output() + "/model";
    }

    private static List<String> inputs(Settings settings) {
        List<String> inputs = new ArrayList<>(settings.generate().input());
        inputs.add(modelUri(settings));
        if (settings.generate().adapter() != null) {
            inputs.add(settings.generate().adapter());
        }
        if (settings.generate().promptColumn() == null) {
            inputs.add(settings.generate().template().library());
        }
        return inputs;
    }

    static void check(Settings settings) {
        if (settings.generate().adapter() != null && settings.generate().model() == null) {
            throw new SettingsException(CompletionTask.ADAPTER_KEY + " needs " + CompletionTask.MODEL_KEY
                    + ", the base that it was trained on: OUTPUT/model has it merged in");
        }
        boolean column = settings.generate().promptColumn() != null;
        PromptTemplateSettings template = settings.generate().template();
        if (column == template.given()) {
            throw new SettingsException("generate: give either generate.prompt_column or generate.template, but there "
                    + (column ? "are both" : "is neither"));
        }
        if (!column && (template.dataset() == null || template.name() == null)) {
            throw new SettingsException("generate.template: needs both a dataset and a name, but has no "
                    + (template.dataset() == null ? "dataset" : "name"));
        }
        try {
            options(settings.generate());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("generate." + e.getMessage());
        }
    }

    private static GenerateOptions options(GenerateSettings settings) {
        return new GenerateOptions(
                settings.maxNewTokens(),
                settings.doSample(),
                settings.temperature(),
                settings.topK(),
                settings.topP(),
                settings.stop(),
                settings.seed());
    }

    static JobResult run(JobContext job) throws Exception {
        GenerateSettings settings = job.settings().generate();
        Path completions = new Path(job.output(), "completions");
        List<String> standing = standingParts(job.outputFileSystem(), completions);
        try {
            job.stage("check the model", () -> checkModel(job, settings));
            long started = System.nanoTime();
            long newTokens = job.stage("complete", () -> complete(job, settings, completions, standing));
            double seconds = (System.nanoTime() - started) / 1e9;
            return result(job.spark().read().parquet(completions.toString()), newTokens / seconds);
        } finally {
            ExecutorModel.release();
        }
    }

    private static ModelInfo checkModel(JobContext job, GenerateSettings settings) throws IOException {
        ModelInfo model =
                ExecutorModel.check(job, CompletionTask.MODEL_KEY, modelUri(job.settings()), settings.dtype());
        if (settings.adapter() != null) {
            ModelLoader.checkAdapter(job.locations(), CompletionTask.ADAPTER_KEY, settings.adapter(), model);
        }
        return model;
    }

    /** Files of the parts that an earlier run finished. */
    private static List<String> standingParts(FileSystem fs, Path completions) throws IOException {
        fs.mkdirs(completions);
        List<String> standing = new ArrayList<>();
        for (FileStatus file : fs.listStatus(completions)) {
            if (file.getPath().getName().startsWith("_")) { // left by a task that was cut off
                fs.delete(file.getPath(), false);
            } else {
                standing.add(file.getPath().toString());
            }
        }
        return standing;
    }

    /** @return how many tokens were written just now */
    private static long complete(JobContext job, GenerateSettings settings, Path completions, List<String> standing)
            throws IOException {
        Dataset<Row> rows = PromptTable.read(job);
        long total = rows.count();
        int parts = Math.toIntExact((total + settings.rowsPerPart() - 1) / settings.rowsPerPart());
        JavaRDD<Row> parted = rows.repartition(Math.max(1, parts), col("id"), col("prompt"))
                .sortWithinPartitions("id", "prompt")
                .javaRDD();
        long already = standing.isEmpty()
                ? 0
                : job.spark().read().parquet(standing.toArray(String[]::new)).count();
        try (ExecutorProgress progress = ExecutorProgress.start(
                job.spark().sparkContext(), Progress.resume("completions", already, total, "prompts"))) {
            CompletionTask task = new CompletionTask(
                    new SerializableConfiguration(job.outputFileSystem().getConf()),
                    job.locations().qualified(modelUri(job.settings())),
                    settings.dtype(),
                    settings.adapter() == null ? null : job.locations().qualified(settings.adapter()),
                    completions.toString(),
                    options(settings),
                    progress.done());
            return parted.mapPartitionsWithIndex(task, false).collect().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private static JobResult result(Dataset<Row> completions, double tokensPerSecond) {
        Row row = completions
                .agg(
                        count(lit(1)),
                        count(col("completion")),
                        count(col("set_aside")),
                        sum(col("new_tokens").cast(DataTypes.LongType)))
                .head();
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rows", row.getLong(0));
        counts.put("completed", row.getLong(1));
        counts.put("set_aside", row.getLong(2));
        counts.put("new_tokens", row.isNullAt(3) ? 0 : row.getLong(3));
        String summary = String.format(
                Locale.ROOT,
                "%,d prompts: %,d completed with %,d tokens, %,d set aside; %,.0f tokens/s",
                counts.get("rows"),
                counts.get("completed"),
                counts.get("new_tokens"),
                counts.get("set_aside"),
                tokensPerSecond);
        return new JobResult(counts, Map.of("tokens_per_second", tokensPerSecond), summary);
    }
}
