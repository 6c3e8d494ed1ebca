package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Measure;
import dev.sparktune.report.Against;
import dev.sparktune.report.Answers;
import dev.sparktune.report.Change;
import dev.sparktune.report.Difference;
import dev.sparktune.report.Figure;
import dev.sparktune.report.ReportData;
import dev.sparktune.report.Sample;
import dev.sparktune.report.Score;
import dev.sparktune.report.ShotsReport;
import dev.sparktune.report.TaskReport;
import dev.sparktune.report.TrainingLog;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Results as the records that the report is made from. */
final class ReportPage {
    private static final int SAMPLES = 8;

    private ReportPage() {}

    /** @param samples whether texts of examples may be shown */
    static ReportData of(
            String model,
            List<String> earlier,
            String split,
            List<TaskResult> results,
            boolean samples,
            Optional<TrainingLog> training,
            Map<String, String> configuration,
            Map<String, String> environment) {
        Map<String, List<TaskResult>> byTask = new LinkedHashMap<>();
        for (TaskResult result : results) {
            byTask.computeIfAbsent(result.task(), task -> new ArrayList<>()).add(result);
        }
        List<TaskReport> tasks = byTask.entrySet().stream()
                .map(entry -> new TaskReport(
                        entry.getKey(),
                        split,
                        entry.getValue().get(0).classes(),
                        entry.getValue().stream()
                                .sorted(Comparator.comparingInt(TaskResult::shots))
                                .map(result -> run(model, result, samples ? SAMPLES : 0))
                                .toList()))
                .toList();
        return new ReportData(model, earlier, tasks, training, configuration, environment);
    }

    static ShotsReport run(String model, TaskResult result, int samples) {
        List<Score> scores = scores(result);
        return new ShotsReport(
                result.shots(),
                result.scored().size(),
                result.setAside(),
                result.contextTokens(),
                scores,
                changes(model, scores.get(0).measure(), result),
                result.confusion().map(matrix -> new Answers(matrix, matrices(result))),
                result.scored().stream()
                        .limit(samples) // in the order of their ids' hashes: not picked by how well they went
                        .map(p -> new Sample(p.prompt(), p.label(), p.prediction(), answers(result, p)))
                        .toList());
    }

    private static List<Score> scores(TaskResult result) {
        return result.figures().entrySet().stream()
                .map(figure -> new Score(
                        new Figure(figure.getKey(), figure.getValue()),
                        result.comparisons().stream()
                                .flatMap(comparison -> against(figure.getKey(), comparison).stream())
                                .toList()))
                .toList();
    }

    private static Optional<Against> against(Measure measure, Comparison comparison) {
        return Optional.ofNullable(comparison.deltas().get(measure))
                .map(delta -> new Against(
                        comparison.against(),
                        new Figure(measure, delta.earlier()),
                        // the same examples have the same commonest answer
                        measure == Measure.MAJORITY_CLASS
                                ? Optional.empty()
                                : Optional.of(new Difference(measure, delta.value()))));
    }

    private static List<Change> changes(String model, Measure lead, TaskResult result) {
        List<Change> changes = new ArrayList<>();
        result.earlierChanges().forEach((earlier, comparison) -> change(earlier, lead, comparison)
                .ifPresent(changes::add));
        result.comparisons()
                .forEach(comparison -> change(model, lead, comparison).ifPresent(changes::add));
        return changes;
    }

    private static Optional<Change> change(String model, Measure lead, Comparison comparison) {
        return Optional.ofNullable(comparison.deltas().get(lead))
                .map(delta -> new Change(model, comparison.against(), new Difference(lead, delta.value())));
    }

    private static Map<String, ConfusionMatrix> matrices(TaskResult result) {
        Map<String, ConfusionMatrix> matrices = new LinkedHashMap<>();
        result.comparisons()
                .forEach(comparison ->
                        comparison.confusion().ifPresent(matrix -> matrices.put(comparison.against(), matrix)));
        return matrices;
    }

    private static Map<String, String> answers(TaskResult result, Prediction prediction) {
        Map<String, String> answers = new LinkedHashMap<>();
        result.comparisons()
                .forEach(comparison ->
                        comparison.answer(prediction).ifPresent(answer -> answers.put(comparison.against(), answer)));
        return answers;
    }
}
