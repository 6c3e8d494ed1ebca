package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The results as they stand under {@code metrics} in metrics.json. */
final class MetricsTree {
    private MetricsTree() {}

    /**
     * Lists {@code results}, {@code delta} (for each earlier evaluation, which its {@code baseline} names; that of
     * evaluate.baseline first), {@code context_tokens} and {@code distribution}.
     *
     * @param model URI of the model
     */
    static Map<String, Object> of(String model, String split, List<TaskResult> results) {
        List<Object> figures = new ArrayList<>();
        List<Object> deltas = new ArrayList<>();
        List<Object> contexts = new ArrayList<>();
        List<Object> distributions = new ArrayList<>();
        for (TaskResult result : results) {
            result.figures().forEach((measure, interval) -> {
                Map<String, Object> entry = entry(model, split, result);
                put(entry, measure.key(), interval, result.scored().size());
                figures.add(entry);
            });
            for (Comparison comparison : result.comparisons()) {
                comparison.deltas().forEach((measure, delta) -> {
                    Map<String, Object> entry = entry(model, split, result);
                    entry.put("baseline", comparison.against());
                    entry.put("baseline_value", finite(delta.earlier().value()));
                    put(entry, measure.key(), delta.value(), comparison.paired().size());
                    deltas.add(entry);
                });
            }
            Map<String, Object> context = entry(model, split, result);
            context.put("mean", finite(result.contextTokens()));
            context.put(
                    "max",
                    result.scored().stream()
                            .mapToInt(Prediction::promptTokens)
                            .max()
                            .orElse(0));
            contexts.add(context);
            result.confusion().ifPresent(matrix -> {
                Map<String, Object> distribution = entry(model, split, result);
                distribution.put("labels", byClass(result.classes(), matrix.labelCounts()));
                distribution.put("predictions", byClass(result.classes(), matrix.answerCounts()));
                putEarlier(distribution, result);
                distributions.add(distribution);
            });
        }
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("results", figures);
        tree.put("delta", deltas);
        tree.put("context_tokens", contexts);
        tree.put("distribution", distributions);
        return tree;
    }

    private static Map<String, Object> entry(String model, String split, TaskResult result) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("model", model);
        entry.put("adapter", result.adapter());
        entry.put("task", result.task());
        entry.put("template", result.templates());
        entry.put("shots", result.shots());
        entry.put("split", split);
        return entry;
    }

    /** {@code baseline_predictions}, and {@code compared_predictions} by the names of the other earlier evaluations. */
    private static void putEarlier(Map<String, Object> distribution, TaskResult result) {
        Map<String, Object> compared = new LinkedHashMap<>();
        for (Comparison comparison : result.comparisons()) {
            comparison.confusion().ifPresent(matrix -> {
                Map<String, Long> counts = byClass(result.classes(), matrix.answerCounts());
                if (comparison == result.comparisons().get(0)) {
                    distribution.put("baseline_predictions", counts);
                } else {
                    compared.put(comparison.against(), counts);
                }
            });
        }
        if (!compared.isEmpty()) {
            distribution.put("compared_predictions", compared);
        }
    }

    private static void put(Map<String, Object> entry, String metric, Interval interval, int examples) {
        entry.put("metric", metric);
        entry.put("value", finite(interval.value()));
        entry.put("low", finite(interval.low()));
        entry.put("high", finite(interval.high()));
        entry.put("n", examples);
    }

    /** JSON has no NaN and no infinity. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static Map<String, Long> byClass(List<String> classes, long[] counts) {
        Map<String, Long> byClass = new LinkedHashMap<>();
        for (int c = 0; c < counts.length; c++) {
            byClass.put(classes.get(c), counts[c]);
        }
        return byClass;
    }
}
