package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
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
    private ModelDirectory() {}

    /**
     * Writes what a model loader reads.
     *
     * @param output Hugging Face directory; files that are there are replaced
     * @param base the directory whose config, tokenizer and licence the model takes over
     */
    public static void writeModel(
            FileSystem fs, org.apache.hadoop.fs.Path output, Decoder decoder, Path base, SaveDtype dtype)
            throws IOException {
        write(fs, output, directory -> HfModel.save(directory, decoder, base, dtype));
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
        Path directory = Locations.temporaryDirectory();
        content.writeTo(directory);
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.toList();
        }
        for (Path file : files) {
            fs.copyFromLocalFile(true, true, new org.apache.hadoop.fs.Path(file.toUri()), output);
        }
    }
}
