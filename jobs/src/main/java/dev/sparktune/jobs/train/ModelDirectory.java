package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.TemporaryDirectories;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.SaveDtype;
import dev.sparktune.train.TrainingTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;

/** Writes a trained model into a job's output: a Hugging Face directory with its card and the training table. */
public final class ModelDirectory {
    /** Where in a job's output its companion lies until the output stands. */
    private static final String ADAPTER = "__adapter";

    private ModelDirectory() {}

    /**
     * Writes what a model loader reads.
     *
     * @param output Hugging Face directory; files that are there are replaced
     * @param decoder as {@link HfModel#save}: with an adapter, that is merged in
     * @param base the directory whose config, tokenizer and licence the model takes over
     */
    public static void writeModel(
            FileSystem fs, org.apache.hadoop.fs.Path output, Decoder decoder, Path base, SaveDtype dtype)
            throws IOException {
        write(fs, output, directory -> HfModel.save(directory, decoder, base, dtype));
    }

    /**
     * Writes a PEFT directory, which becomes {@code OUTPUT/adapter} when the job's output stands.
     *
     * @param base what the adapter belongs to
     */
    static void writeAdapter(
            FileSystem fs, org.apache.hadoop.fs.Path output, AdapterPlan plan, Adapter adapter, ModelInfo base)
            throws IOException {
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(output, ADAPTER);
        fs.mkdirs(target);
        write(fs, target, directory -> plan.save(directory, adapter, base));
    }

    /**
     * Writes the card of the adapter beside it, where one was trained.
     *
     * @param card text of README.md
     */
    public static void describeAdapter(JobContext job, String card) throws IOException {
        org.apache.hadoop.fs.Path trained = new org.apache.hadoop.fs.Path(job.output(), ADAPTER);
        if (job.outputFileSystem().exists(trained)) {
            write(
                    job.outputFileSystem(),
                    trained,
                    directory -> Files.writeString(directory.resolve("README.md"), card));
        }
    }

    /**
     * Writes the card and the training table beside the model.
     *
     * @param card text of README.md
     */
    public static void describe(JobContext job, String card, TrainingRun.Outcome outcome) throws IOException {
        write(job.outputFileSystem(), job.output(), directory -> {
            Files.writeString(directory.resolve("README.md"), card);
            TrainingTable.write(outcome.log(), directory.resolve("training.parquet"));
        });
    }

    @FunctionalInterface
    private interface Content {
        void writeTo(Path directory) throws IOException;
    }

    /** Into the directory itself where it is one of this machine, else by way of a temporary one. */
    private static void write(FileSystem fs, org.apache.hadoop.fs.Path output, Content content) throws IOException {
        if ("file".equals(output.toUri().getScheme())) {
            content.writeTo(Path.of(output.toUri()));
            return;
        }
        Path directory = TemporaryDirectories.make();
        try {
            content.writeTo(directory);
            List<Path> files;
            try (Stream<Path> listed = Files.list(directory)) {
                files = listed.toList();
            }
            for (Path file : files) {
                fs.copyFromLocalFile(true, true, new org.apache.hadoop.fs.Path(file.toUri()), output);
            }
        } finally {
            TemporaryDirectories.delete(directory);
        }
    }
}
