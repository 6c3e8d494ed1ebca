package dev.sparktune.jobs.generate;

import dev.sparktune.generate.Completion;
import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.PartFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Completes one partition of a {@link PromptTable} into one file. A file that stands is a part that an earlier run finished:
 * it is kept.
 *
 * @param modelUri that every executor can read
 * @param dtype in which its weights are held
 * @param adapterUri of an adapter on it, likewise; null: none
 * @param directory of the files
 * @param done counts the prompts that were completed or set aside
 */
public record CompletionTask(
        SerializableConfiguration configuration,
        String modelUri,
        String dtype,
        String adapterUri,
        String directory,
        GenerateOptions options,
        LongAccumulator done)
        implements Function2<Integer, Iterator<Row>, Iterator<Long>> {
    /** The setting that names the model. */
    public static final String MODEL_KEY = "generate.model";

    /** The setting that names the adapter. */
    public static final String ADAPTER_KEY = "generate.adapter";

    /** A prompt, its ids null where it is set aside for the reason. */
    private record Asked(String id, String prompt, int[] ids, int promptTokens, String reason) {}

    /** @return how many tokens were written just now */
    @Override
    public Iterator<Long> call(Integer part, Iterator<Row> rows) throws IOException {
        Configuration conf = configuration.value();
        String name = String.format(Locale.ROOT, "part-%05d.parquet", part);
        Path file = new Path(directory, name);
        Locations locations = new Locations(conf);
        FileSystem fs = locations.fileSystem(file);
        if (fs.exists(file)) {
            return List.of(0L).iterator();
        }
        ExecutorModel model = ExecutorModel.of(MODEL_KEY, modelUri, dtype, locations)
                .requireAdapter(ADAPTER_KEY, adapterUri, locations);
        List<Asked> all = new ArrayList<>();
        rows.forEachRemaining(row -> all.add(ask(model, row)));
        List<int[]> prompts =
                all.stream().map(Asked::ids).filter(ids -> ids != null).toList();
        done.add(all.size() - prompts.size());
        List<Completion> completions = model.complete(adapterUri, prompts, options, done::add);

        PartFile written = new PartFile(fs, file, TaskContext.get().taskAttemptId());
        long newTokens = write(conf, written.growing(), all, completions);
        written.finish();
        return List.of(newTokens).iterator();
    }

    private Asked ask(ExecutorModel model, Row row) {
        String prompt = row.getString(1);
        int[] ids = prompt == null ? new int[0] : model.tokenizer().encode(prompt, false);
        String reason = row.getString(2);
        if (reason == null && ids.length == 0) {
            reason = "there is no prompt";
        } else if (ids.length >= model.contextTokens(adapterUri)) {
            reason = "the prompt fills the model's context of " + model.contextTokens(adapterUri) + " tokens";
        }
        return new Asked(row.getString(0), prompt, reason == null ? ids : null, ids.length, reason);
    }

    private static long write(Configuration conf, Path file, List<Asked> all, List<Completion> completions)
            throws IOException {
        long newTokens = 0;
        Iterator<Completion> next = completions.iterator();
        try (CompletionWriter writer = new CompletionWriter(conf, file)) {
            for (Asked asked : all) {
                if (asked.reason() != null) {
                    writer.setAside(asked.id(), asked.prompt(), asked.promptTokens(), asked.reason());
                } else {
                    Completion completion = next.next();
                    newTokens += completion.newTokens();
                    writer.completed(asked.id(), asked.prompt(), asked.promptTokens(), completion);
                }
            }
        }
        return newTokens;
    }
}
