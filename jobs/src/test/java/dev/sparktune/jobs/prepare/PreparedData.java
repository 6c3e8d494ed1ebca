package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.example.ExampleFiles;
import dev.sparktune.example.ExampleReader;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.testing.LocalSpark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** One run of the job's body in a test, and what it wrote. */
record PreparedData(Path root, JobResult result) {
    /** @param yaml {@code output} in it does not matter: it is the root's parent */
    static PreparedData prepare(Path root, String yaml) throws Exception {
        return prepare(root, yaml, List.of());
    }

    /** @param sets as {@code --set} has them */
    static PreparedData prepare(Path root, String yaml, List<String> sets) throws Exception {
        List<String> withOutput = new ArrayList<>(sets);
        withOutput.add("output=" + root.getParent());
        Settings settings = Settings.read(
                "test.yaml",
                yaml,
                withOutput,
                Set.of("output", "input", "clean", "privacy", "templates", "examples", "mixture", "split"));
        Preparation.check(settings);
        Files.createDirectories(root);
        Locations locations = new Locations(new Configuration());
        JobContext job = new JobContext(
                "prepare", LocalSpark.session(), settings, locations, locations.path(root.toString()), false);
        return new PreparedData(root, Preparation.run(job));
    }

    /** In the order of the files. */
    List<Example> examples(String split) {
        try {
            List<Example> examples = new ArrayList<>();
            Configuration conf = new Configuration();
            for (org.apache.hadoop.fs.Path file : ExampleFiles.in(
                    conf,
                    new org.apache.hadoop.fs.Path(
                            root.resolve("prompt_completion/" + split).toUri()))) {
                try (ExampleReader reader = ExampleReader.open(conf, file)) {
                    reader.forEachRemaining(examples::add);
                }
            }
            return examples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String file) throws IOException {
        return Files.readString(root.resolve(file));
    }
}
