package dev.sparktune.jobs.evaluate;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.jobs.settings.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * An evaluation made before, to compare with.
 *
 * @param name what results and the report call it
 */
public record EarlierEvaluation(String name, List<Prediction> predictions) {

    /** Entries of {@code evaluate.baseline} and then {@code evaluate.compare}, as users wrote them. */
    public static List<String> entries(EvaluateSettings evaluate) {
        List<String> entries = new ArrayList<>();
        if (evaluate.baseline() != null) {
            entries.add(evaluate.baseline());
        }
        entries.addAll(evaluate.compare());
        return entries;
    }

    /** Where an entry lies: OUTPUT/evaluate/NAME for a bare name, else the directory itself. */
    public static String uri(Settings settings, String entry) {
        return entry.contains("/") || entry.contains(":")
                ? entry.replaceAll("/+$", "")
                : settings.output() + "/evaluate/" + entry;
    }

    /** The baseline first. */
    static List<EarlierEvaluation> readAll(JobContext job) throws IOException {
        EvaluateSettings evaluate = job.settings().evaluate();
        List<String> entries = entries(evaluate);
        List<String> names = names(evaluate.name(), entries);
        List<EarlierEvaluation> evaluations = new ArrayList<>();
        for (int i = 0; i < entries.size(); i++) {
            String key = i == 0 ? "evaluate.baseline" : "evaluate.compare";
            evaluations.add(read(job, key, uri(job.settings(), entries.get(i)), names.get(i)));
        }
        return evaluations;
    }

    private static EarlierEvaluation read(JobContext job, String key, String uri, String name) throws IOException {
        if (!job.locations().exists(uri + "/metrics.json")) {
            throw new JobFailure(
                    key + ": " + Redaction.text(uri) + " is no finished evaluation: it has no metrics.json");
        }
        String directory = job.locations().path(uri + "/predictions").toString();
        return new EarlierEvaluation(name, PredictionTable.read(job.spark(), directory));
    }

    /** The last part of an entry's directory, or all of the entry where that name is taken already. */
    static List<String> names(String own, List<String> entries) {
        Set<String> taken = new HashSet<>(Set.of(own));
        List<String> names = new ArrayList<>();
        for (String entry : entries) {
            String trimmed = entry.replaceAll("/+$", "");
            String last = trimmed.substring(trimmed.lastIndexOf('/') + 1);
            names.add(taken.add(last) ? last : Redaction.text(trimmed));
        }
        return names;
    }

    List<Prediction> of(String task, int shots) {
        return predictions.stream()
                .filter(p -> p.task().equals(task) && p.shots() == shots)
                .toList();
    }
}
