package dev.sparktune.jobs.evaluate;

import dev.sparktune.report.Score;
import dev.sparktune.report.ShotsReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The results as a few aligned lines for standard output. */
final class SummaryTable {
    private SummaryTable() {}

    /**
     * All measures of each task with its fewest shots, the leading one with more shots.
     *
     * <pre>
     * rate, zero-shot, 400 examples       base                   instruct               difference
     *   accuracy                          13.5 % (10.0–17.0)     …
     * </pre>
     */
    static String of(String model, Optional<String> baseline, List<TaskResult> results) {
        List<List<String>> rows = new ArrayList<>();
        String task = null;
        for (TaskResult result : results) {
            ShotsReport run = ReportPage.run(result);
            boolean first = !result.task().equals(task);
            task = result.task();
            String title = task + ", " + run.name() + ", " + run.examples() + " examples";
            if (first) {
                rows.add(
                        baseline.isPresent()
                                ? List.of(title, baseline.get(), model, "difference")
                                : List.of(title, model));
                run.scores().forEach(score -> rows.add(row(score.measure().title(), score, baseline.isPresent())));
            } else {
                rows.add(row(run.lead().measure().title() + ", " + run.name(), run.lead(), baseline.isPresent()));
            }
        }
        return aligned(rows);
    }

    private static List<String> row(String measure, Score score, boolean compared) {
        String name = "  " + measure;
        String figure = cell(score.modelText(), score.modelRange());
        return compared
                ? List.of(
                        name,
                        cell(score.baselineText(), score.baselineRange()),
                        figure,
                        cell(score.differenceText(), score.differenceRange()))
                : List.of(name, figure);
    }

    private static String cell(String value, String range) {
        return value.isEmpty() ? "" : value + " (" + range + ")";
    }

    private static String aligned(List<List<String>> rows) {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < row.size(); c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < row.size(); c++) {
                line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 3));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
