package dev.sparktune.report;

import java.util.List;
import java.util.Map;

/**
 * What a search over settings found.
 *
 * @param headline a sentence
 * @param metric by which trials were judged, such as {@code eval_loss}
 * @param keys that were searched
 * @param trials the best first
 * @param configuration of the best: key to value
 */
public record TuneReport(
        String headline, String metric, List<String> keys, List<Trial> trials, Map<String, String> configuration) {
    /**
     * One trial.
     *
     * @param values in the order of the keys
     * @param updates done
     * @param value of the metric, for people
     * @param state how far it came
     * @param curve of the metric
     */
    public record Trial(
            int number, List<String> values, int updates, String value, String state, List<TrainingLog.Point> curve) {}

    private record Plots(String metric, List<Line> lines) {}

    private record Line(String name, List<TrainingLog.Point> points) {}

    /** One self-contained HTML file. */
    public String html() {
        List<Line> lines = trials.stream()
                .map(trial -> new Line("trial " + trial.number(), trial.curve()))
                .toList();
        return HtmlPage.render("tune", Map.of("data", this), new Plots(metric, lines));
    }
}
