package dev.sparktune.jobs.train;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.xxhash64;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.TrainSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Tokenizes rows once, on the executors, into token shards. The rows are put in the order of a seeded hash of their text
 * first: neither the layout of the files nor the number of cores then decides which example is which, and the first n are a
 * fair sample.
 *
 * @param tokenizerJson the bytes of a {@code tokenizer.json}
 * @param eosTokenId appended to every completion
 * @param settings max_length, on_long and seed
 */
public record Tokenization(byte[] tokenizerJson, int eosTokenId, TrainSettings settings) {
    public static final String PROMPT = "prompt";
    public static final String COMPLETION = "completion";

    private static final String COUNTS = "counts.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Says on standard error what was left out or cut of a split. */
    public void tell(String job, String split, TokenCounts counts) {
        counts.remarks(split, settings.maxLength(), settings.onLong())
                .forEach(remark -> System.err.println(job + ": warning: " + remark));
    }

    /** The shards in their order, and the counts. */
    public record Shards(List<Path> files, TokenCounts counts) {
        /** No example at all. */
        public static final Shards NONE = new Shards(List.of(), TokenCounts.ZERO);
    }

    /**
     * Writes the shards of {@code rows} (columns {@value #PROMPT}, {@value #COMPLETION}) into {@code directory}; what an
     * earlier run of the same job finished there is taken as it is.
     *
     * @param limit at most so many rows; null for all
     * @throws JobFailure for examples that are too long, where settings.onLong is error
     */
    public Shards run(Dataset<Row> rows, Integer limit, FileSystem fs, Path directory) throws IOException {
        Path countsFile = new Path(directory, COUNTS);
        if (fs.exists(countsFile)) {
            try (InputStream in = fs.open(countsFile)) {
                return new Shards(shards(fs, directory), JSON.readValue(in, TokenCounts.class));
            }
        }
        fs.delete(directory, true);
        fs.mkdirs(directory);
        TokenCounts counts = write(ordered(rows, limit), fs, directory);
        requireFitting(counts);
        Path partial = new Path(directory, COUNTS + ".__partial");
        try (OutputStream out = fs.create(partial, true)) {
            out.write(JSON.writeValueAsBytes(counts));
        }
        if (!fs.rename(partial, countsFile)) {
            throw new IOException("cannot rename " + partial + " to " + countsFile);
        }
        return new Shards(shards(fs, directory), counts);
    }

    /**
     * What {@link #run} would write, without writing it.
     *
     * @param first how many examples to keep at most
     * @throws JobFailure as {@link #run}
     */
    public TokenSizes measure(Dataset<Row> rows, Integer limit, int first) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(rows.sparkSession().sparkContext());
        Broadcast<byte[]> tokenizer = context.broadcast(tokenizerJson);
        RowTokenizer.Options options = options();
        List<TokenSizes.Part> parts = ordered(rows, limit)
                .javaRDD()
                .mapPartitions(part -> List.of(TokenSizes.Part.of(part, tokenizer.value(), options, first))
                        .iterator())
                .collect();
        tokenizer.destroy();
        TokenSizes sizes = TokenSizes.of(parts, first);
        requireFitting(sizes.counts());
        return sizes;
    }

    private Dataset<Row> ordered(Dataset<Row> rows, Integer limit) {
        Dataset<Row> ordered = rows.select(col(PROMPT), col(COMPLETION))
                .orderBy(xxhash64(lit(settings.seed()), col(PROMPT), col(COMPLETION)), col(PROMPT), col(COMPLETION));
        return limit == null ? ordered : ordered.limit(limit);
    }

    private void requireFitting(TokenCounts counts) {
        if (counts.tooLong() > 0 && settings.onLong().equals("error")) {
            throw new JobFailure(counts.tooLong() + " of " + counts.rows() + " examples have more tokens than"
                    + " train.max_length (" + settings.maxLength() + "), the longest " + counts.longest()
                    + "; raise it, cut their prompts with train.on_long=truncate_prompt, or leave them out with"
                    + " train.on_long=skip");
        }
    }

    private RowTokenizer.Options options() {
        return new RowTokenizer.Options(
                eosTokenId, settings.maxLength(), settings.onLong().equals("truncate_prompt"));
    }

    private TokenCounts write(Dataset<Row> ordered, FileSystem fs, Path directory) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(ordered.sparkSession().sparkContext());
        Broadcast<byte[]> tokenizer = context.broadcast(tokenizerJson);
        Broadcast<SerializableConfiguration> hadoop = context.broadcast(new SerializableConfiguration(fs.getConf()));
        TokenShardTask task = new TokenShardTask(directory.toString(), options());
        List<long[]> parts = ordered.javaRDD()
                .mapPartitionsWithIndex(
                        (partition, part) -> {
                            long attempt = TaskContext.get().taskAttemptId();
                            TokenCounts counts = task.write(
                                    partition,
                                    attempt,
                                    part,
                                    tokenizer.value(),
                                    hadoop.value().value());
                            return List.of(counts.toArray()).iterator();
                        },
                        false)
                .collect();
        tokenizer.destroy();
        hadoop.destroy();
        return parts.stream().map(TokenCounts::of).reduce(TokenCounts.ZERO, TokenCounts::plus);
    }

    private static List<Path> shards(FileSystem fs, Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus status : fs.listStatus(directory)) {
            if (status.getPath().getName().startsWith("part-")) {
                files.add(status.getPath());
            }
        }
        Collections.sort(files);
        return files;
    }
}
