package dev.sparktune.report;

import dev.sparktune.eval.Measure;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The finding in a sentence, and a line for every other task and every further evaluation that it is compared with.
 */
public record Headline(String sentence, List<String> others) {

    static Headline of(ReportData data) {
        TaskReport first = data.tasks().get(0);
        Stream<String> beside = data.compared().isEmpty() ? Stream.of() : Stream.of(line(data, first, data.compared()));
        Stream<String> tasks = data.tasks().stream().skip(1).map(task -> line(data, task, data.earlier()));
        return new Headline(sentence(data, first), Stream.concat(beside, tasks).toList());
    }

    private static String sentence(ReportData data, TaskReport task) {
        ShotsReport run = task.first();
        Score score = run.lead();
        String compared =
                data.baseline().flatMap(score::against).map(Headline::compared).orElse("");
        String majority = run.score(Measure.MAJORITY_CLASS)
                .map(m -> " Always giving the commonest answer would be right on "
                        + m.model().text() + ".")
                .orElse("");
        return "On " + task.task() + ", " + run.name() + ", " + data.model() + " reaches " + figure(score.model())
                + compared + "." + majority;
    }

    private static String compared(Against baseline) {
        return " where " + baseline.evaluation() + " reaches " + figure(baseline.figure())
                + baseline.difference()
                        .map(d -> ": " + d.text() + " (" + d.range() + ")")
                        .orElse("");
    }

    private static String figure(Figure figure) {
        return figure.text() + " " + figure.measure().title() + " (" + figure.range() + ")";
    }

    /** {@code name-entity: 99.0 % exact match, 100.0 % with base: 1.0 points forgotten; 33.6 % with instruct: 65.4 points more.} */
    private static String line(ReportData data, TaskReport task, List<String> earlier) {
        Score score = task.first().lead();
        String now = task.task() + ": " + score.model().text() + " "
                + score.measure().title();
        String compared = earlier.stream()
                .flatMap(name -> score.against(name).stream())
                .map(against -> beside(against, data.earlier().get(0).equals(against.evaluation())))
                .collect(Collectors.joining("; "));
        return now + (compared.isEmpty() ? "" : ", " + compared) + ".";
    }

    private static String beside(Against against, boolean baseline) {
        return against.figure().text() + " with " + against.evaluation()
                + against.difference().map(d -> ": " + change(d, baseline)).orElse("");
    }

    private static String change(Difference difference, boolean fromBaseline) {
        if (!difference.clear()) {
            return "no clear change (" + difference.text() + ")";
        }
        String up = fromBaseline ? "gained" : "more";
        String down = fromBaseline ? "forgotten" : "less";
        return difference.size() + " " + (difference.better() ? up : down);
    }
}
