package dev.sparktune.report;

import dev.sparktune.eval.Measure;
import java.util.ArrayList;
import java.util.List;

/**
 * The finding in a sentence, and a line for every other task.
 */
public record Headline(String sentence, List<String> others) {

    static Headline of(ReportData data) {
        List<String> others = new ArrayList<>();
        for (TaskReport task : data.tasks().subList(1, data.tasks().size())) {
            others.add(line(data, task));
        }
        return new Headline(sentence(data), others);
    }

    private static String sentence(ReportData data) {
        TaskReport task = data.tasks().get(0);
        ShotsReport run = task.first();
        Score score = run.lead();
        String measured = data.model() + " reaches " + figure(score.measure(), score.modelText(), score.modelRange());
        String compared = data.baseline()
                .filter(name -> score.baseline().isPresent())
                .map(name -> " where " + name + " reaches "
                        + figure(score.measure(), score.baselineText(), score.baselineRange())
                        + score.difference()
                                .map(d -> ": " + score.differenceText() + " (" + score.differenceRange() + ")")
                                .orElse(""))
                .orElse("");
        String majority = run.score(Measure.MAJORITY_CLASS)
                .map(m -> " Always giving the commonest answer would be right on " + m.modelText() + ".")
                .orElse("");
        return "On " + task.task() + ", " + run.name() + ", " + measured + compared + "." + majority;
    }

    private static String figure(Measure measure, String value, String range) {
        return value + " " + measure.title() + " (" + range + ")";
    }

    private static String line(ReportData data, TaskReport task) {
        Score score = task.first().lead();
        String now =
                task.task() + ": " + score.modelText() + " " + score.measure().title();
        if (score.difference().isEmpty() || data.baseline().isEmpty()) {
            return now + ".";
        }
        String change =
                switch (score.verdict()) {
                    case "gained" -> "gained";
                    case "lost" -> "forgotten";
                    default -> "no clear change";
                };
        return now + ", " + score.baselineText() + " with " + data.baseline().get() + ": " + change + " ("
                + score.differenceText() + ").";
    }
}
