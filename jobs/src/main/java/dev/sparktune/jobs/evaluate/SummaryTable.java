package dev.sparktune.jobs.evaluate;

import dev.sparktune.report.Score;
import dev.sparktune.report.ShotsReport;
import java.util.ArrayList;
import java.util.List;

/** The results as a few aligned lines for standard output. */
final class SummaryTable {
    private SummaryTable() {}

    /**
     * All measures of each task with its fewest shots, the leading one with more shots. With one earlier evaluation the
     * difference is a column; with more, a line of its own.
     *
     * <pre>
     * rate, zero-shot, 400 examples       base                   instruct               difference
     *   accuracy                          13.5 % (10.0–17.0)     …
     *
     * rate, zero-shot, 400 examples       base                   instruct               mixture
     *   accuracy                          13.5 % (10.0–17.0)     …
     *     mixture against it              +58.0 points (…)       …
     * </pre>
     *
     * @param earlier names of the evaluations compared with, the baseline first; may be empty
     */
    static String of(String model, List<String> earlier, List<TaskResult> results) {
        List<List<String>> rows = new ArrayList<>();
        String task = null;
        for (TaskResult result : results) {
            ShotsReport run = ReportPage.run(model, result, 0);
            boolean first = !result.task().equals(task);
            task = result.task();
            if (first) {
                rows.add(title(task + ", " + run.name() + ", " + run.examples() + " examples", model, earlier));
                run.scores().forEach(score -> rows.addAll(rows(score.measure().title(), model, score, earlier)));
            } else {
                rows.addAll(rows(run.lead().measure().title() + ", " + run.name(), model, run.lead(), earlier));
            }
        }
        return aligned(rows);
    }

    private static List<String> title(String task, String model, List<String> earlier) {
        List<String> row = new ArrayList<>(List.of(task));
        row.addAll(earlier);
        row.add(model);
        if (earlier.size() == 1) {
            row.add("difference");
        }
        return row;
    }

    private static List<List<String>> rows(String measure, String model, Score score, List<String> earlier) {
        List<String> figures = new ArrayList<>(List.of("  " + measure));
        List<String> differences = new ArrayList<>();
        for (String name : earlier) {
            figures.add(score.against(name)
                    .map(other -> cell(other.figure().text(), other.figure().range()))
                    .orElse(""));
            differences.add(
                    score.difference(name).map(d -> cell(d.text(), d.range())).orElse(""));
        }
        figures.add(cell(score.model().text(), score.model().range()));
        if (earlier.size() == 1) {
            figures.addAll(differences);
        }
        if (earlier.size() < 2 || differences.stream().allMatch(String::isEmpty)) {
            return List.of(figures);
        }
        differences.add(0, "    " + model + " against it");
        return List.of(figures, differences);
    }

    private static String cell(String value, String range) {
        return value + " (" + range + ")";
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
