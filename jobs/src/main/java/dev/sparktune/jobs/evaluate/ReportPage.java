package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Measure;
import dev.sparktune.report.Answers;
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

    static ReportData of(
            String model,
            Optional<String> baseline,
            String split,
            List<TaskResult> results,
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
                                .map(ReportPage::run)
                                .toList()))
                .toList();
        return new ReportData(model, baseline, tasks, training, configuration, environment);
    }

    static ShotsReport run(TaskResult result) {
        return new ShotsReport(
                result.shots(),
                result.scored().size(),
                result.setAside().values().stream().mapToLong(Long::longValue).sum(),
                result.contextTokens(),
                scores(result),
                result.confusion().map(matrix -> new Answers(matrix, result.baselineConfusion())),
                result.scored().stream()
                        .limit(SAMPLES) // in the order of their ids' hashes: not picked by how well they went
                        .map(p -> new Sample(p.prompt(), p.label(), p.prediction(), result.baselineAnswer(p)))
                        .toList());
    }

    static List<Score> scores(TaskResult result) {
        return result.figures().entrySet().stream()
                .map(figure -> {
                    Optional<TaskResult.Delta> delta =
                            Optional.ofNullable(result.deltas().get(figure.getKey()));
                    return new Score(
                            figure.getKey(),
                            figure.getValue(),
                            delta.map(TaskResult.Delta::baseline),
                            // the same examples have the same commonest answer
                            figure.getKey() == Measure.MAJORITY_CLASS
                                    ? Optional.empty()
                                    : delta.map(TaskResult.Delta::value));
                })
                .toList();
    }
}
