package dev.sparktune.jobs.evaluate;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.Settings;
import java.io.IOException;
import java.util.List;

/**
 * An earlier evaluation to compare with.
 *
 * @param name last part of its directory
 */
public record Baseline(String name, List<Prediction> predictions) {

    /** Where {@code evaluate.baseline} lies: OUTPUT/evaluate/NAME for a bare name, else the directory itself. */
    public static String uri(Settings settings) {
        String named = settings.evaluate().baseline();
        return named.contains("/") || named.contains(":") ? named : settings.output() + "/evaluate/" + named;
    }

    static Baseline read(JobContext job) throws IOException {
        String uri = uri(job.settings());
        if (!job.locations().exists(uri + "/metrics.json")) {
            throw new JobFailure(
                    "evaluate.baseline: " + Redaction.text(uri) + " is no finished evaluation: it has no metrics.json");
        }
        String directory = job.locations().path(uri + "/predictions").toString();
        String trimmed = uri.replaceAll("/+$", "");
        return new Baseline(
                trimmed.substring(trimmed.lastIndexOf('/') + 1), PredictionTable.read(job.spark(), directory));
    }

    List<Prediction> of(String task, int shots) {
        return predictions.stream()
                .filter(p -> p.task().equals(task) && p.shots() == shots)
                .toList();
    }
}
