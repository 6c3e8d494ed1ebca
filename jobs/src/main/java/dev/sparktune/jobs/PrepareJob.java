package dev.sparktune.jobs;

import dev.sparktune.jobs.prepare.Preparation;
import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobMain;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkUserAppException;

/** {@code prepare}: a table of reviews and a template library become a prompt–completion data set with splits. */
public final class PrepareJob {
    private static final Job JOB = new Job(
            "prepare",
            "Renders a table by prompt templates into train, validation and test.",
            Set.of("output", "input", "clean", "privacy", "templates", "examples", "mixture", "split"),
            false,
            false,
            settings -> settings.output() + "/data",
            settings -> {
                List<String> inputs = new ArrayList<>(settings.input().path());
                if (settings.input().exclude() != null) {
                    inputs.add(settings.input().exclude());
                }
                if (settings.clean().tokenizer() != null) {
                    inputs.add(settings.clean().tokenizer());
                }
                if (settings.examples().tokenizer() != null) {
                    inputs.add(settings.examples().tokenizer());
                }
                inputs.add(settings.templates().library());
                if (settings.split().map() != null) {
                    inputs.add(settings.split().map());
                }
                return inputs;
            },
            Preparation::check);

    private PrepareJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, Preparation::run);
    }
}
