package dev.sparktune.jobs.testing;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

/** Prepared data so small that training on it takes seconds, yet of texts that differ in length. */
public final class SmallData {
    private static final String TASK = "rate";

    private SmallData() {}

    /** Writes {@code DIRECTORY/prompt_completion/{train,validation}}. */
    public static void write(Path directory, int train, int validation) throws IOException {
        writeSplit(directory.resolve("prompt_completion/train"), 0, train);
        writeSplit(directory.resolve("prompt_completion/validation"), train, validation);
    }

    private static void writeSplit(Path split, int from, int count) throws IOException {
        try (ExampleWriter writer = new ExampleWriter(
                new Configuration(),
                new org.apache.hadoop.fs.Path(split.resolve("part-0.parquet").toUri()))) {
            for (int i = from; i < from + count; i++) {
                int stars = i * 7 % 5 + 1;
                String prompt = "The box turned out " + "very ".repeat(i % 4) + (stars > 2 ? "good" : "poor")
                        + ", number " + i + ".\nHow many stars?";
                writer.add(new Example(
                        "row-" + i,
                        null,
                        null,
                        "made up",
                        TASK,
                        "rate/1",
                        "0",
                        prompt,
                        " " + stars,
                        List.of(" 1", " 2", " 3", " 4", " 5"),
                        " " + stars));
            }
        }
    }
}
