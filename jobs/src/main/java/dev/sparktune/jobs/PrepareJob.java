package dev.sparktune.jobs;

import dev.sparktune.jobs.prepare.GroupKey;
import dev.sparktune.jobs.prepare.Preparation;
import dev.sparktune.jobs.prepare.SourceTable;
import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.SparkSession;

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
                GroupKey.file(settings.privacy(), System.getenv()).ifPresent(inputs::add);
                return inputs;
            },
            null,
            PrepareJob::furtherIdentity,
            Preparation::check);

    private PrepareJob() {}

    private static List<String> furtherIdentity(Settings settings, Supplier<SparkSession> spark) throws IOException {
        List<String> further = new ArrayList<>(SourceTable.fingerprint(settings.input(), spark));
        GroupKey.tag(settings.privacy(), System.getenv()).ifPresent(further::add);
        if (settings.examples().tokenizer() != null) {
            further.add("train.max_length " + settings.train().maxLength());
        }
        return further;
    }

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, Preparation::run);
    }
}
