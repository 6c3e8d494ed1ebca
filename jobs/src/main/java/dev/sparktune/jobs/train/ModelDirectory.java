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
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;

/** Writes the trained model into the job's output: a Hugging Face directory with its card and the training table. */
public final class ModelDirectory {
    private ModelDirectory() {}

    /**
     * @param base the directory whose config, tokenizer and licence the model takes over
     * @param card text of README.md
     */
    public static void write(JobContext job, Decoder decoder, Path base, String card, TrainingRun.Outcome outcome)
            throws IOException {
        Path directory = isLocal(job) ? Path.of(job.output().toUri()) : Locations.temporaryDirectory();
        HfModel.save(
                directory,
                decoder,
                base,
                SaveDtype.valueOf(job.settings().model().saveDtype().toUpperCase(Locale.ROOT)));
        Files.writeString(directory.resolve("README.md"), card);
        TrainingTable.write(outcome.log(), directory.resolve("training.parquet"));
        if (!isLocal(job)) {
            upload(directory, job.outputFileSystem(), job.output());
        }
    }

    private static boolean isLocal(JobContext job) {
        return "file".equals(job.output().toUri().getScheme());
    }

    private static void upload(Path directory, FileSystem fs, org.apache.hadoop.fs.Path output) throws IOException {
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.toList();
        }
        for (Path file : files) {
            fs.copyFromLocalFile(true, true, new org.apache.hadoop.fs.Path(file.toUri()), output);
        }
    }
}
