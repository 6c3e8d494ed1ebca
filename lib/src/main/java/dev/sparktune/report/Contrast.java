package dev.sparktune.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Several models side by side: what each changed against the baseline, and how the report's model differs from each.
 *
 * @param title what the plot of them shows
 * @param rows empty where nothing but a baseline is compared with
 */
public record Contrast(String title, List<Row> rows) {

    /** {@code model} less {@code against}; an entry for each task, empty where they share no examples. */
    public record Row(String model, String against, List<Optional<Difference>> tasks) {}

    static Contrast of(ReportData data) {
        if (data.earlier().isEmpty()) {
            return new Contrast("Scores by task", List.of());
        }
        return new Contrast(title(data), data.compared().isEmpty() ? List.of() : rows(data));
    }

    private static String title(ReportData data) {
        List<String> forgetful =
                data.compared().stream().filter(name -> forgotMore(data, name)).toList();
        return forgetful.isEmpty()
                ? "What was gained, what was forgotten"
                : "What " + String.join(" and ", forgetful) + " forgot, and how much of it " + data.model() + " keeps";
    }

    /** Whether a task went worse by this training than before, and goes better with the report's model. */
    private static boolean forgotMore(ReportData data, String name) {
        String baseline = data.earlier().get(0);
        return data.tasks().stream()
                .map(TaskReport::first)
                .anyMatch(
                        run -> run.change(name, baseline).map(Difference::worse).orElse(false)
                                && run.change(data.model(), name)
                                        .map(Difference::better)
                                        .orElse(false));
    }

    private static List<Row> rows(ReportData data) {
        String baseline = data.earlier().get(0);
        List<Row> rows = new ArrayList<>();
        data.compared().forEach(name -> rows.add(row(data, name, baseline)));
        data.earlier().forEach(name -> rows.add(row(data, data.model(), name)));
        return rows;
    }

    private static Row row(ReportData data, String model, String against) {
        return new Row(
                model,
                against,
                data.tasks().stream()
                        .map(task -> task.first().change(model, against))
                        .toList());
    }
}
