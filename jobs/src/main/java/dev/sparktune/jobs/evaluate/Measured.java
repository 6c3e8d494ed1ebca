package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Measure;
import dev.sparktune.eval.Metric;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/** Scored predictions of one task and number of shots as the arrays that metrics are made from. */
final class Measured {
    /** A task whose choices differ from row to row has no classes: then there is no macro-F1 and no matrix. */
    private static final int MOST_CLASSES = 50;

    private final List<Prediction> predictions;
    private final boolean byChoice;
    private final List<String> classes;

    private Measured(List<Prediction> predictions, boolean byChoice, List<String> classes) {
        this.predictions = predictions;
        this.byChoice = byChoice;
        this.classes = classes;
    }

    /** The scored ones of a task's predictions. */
    static Measured of(List<Prediction> predictions) {
        return new Measured(
                predictions.stream().filter(Prediction::scored).toList(),
                predictions.stream()
                        .anyMatch(p -> p.choices() != null && !p.choices().isEmpty()),
                classes(predictions));
    }

    /** The same measures over other scored predictions of the task. */
    Measured over(List<Prediction> others) {
        return new Measured(others, byChoice, classes);
    }

    /** The answers of a task: in the order of its choices where these are always the same, else sorted; none if too many. */
    static List<String> classes(List<Prediction> predictions) {
        List<List<String>> distinct = predictions.stream()
                .filter(p -> p.choices() != null)
                .map(Prediction::choices)
                .distinct()
                .limit(MOST_CLASSES)
                .toList();
        if (distinct.size() == 1) {
            return distinct.get(0);
        }
        TreeSet<String> all = new TreeSet<>();
        distinct.forEach(all::addAll);
        return all.size() > MOST_CLASSES || distinct.size() == MOST_CLASSES ? List.of() : List.copyOf(all);
    }

    List<Prediction> predictions() {
        return predictions;
    }

    /** Answers of the task; empty for open texts, or where they are too many. */
    List<String> classes() {
        return classes;
    }

    int size() {
        return predictions.size();
    }

    /** What is measured of such a task, the leading measure first; the order of {@link Measure}. */
    Map<Measure, Metric> metrics() {
        Map<Measure, Metric> metrics = new EnumMap<>(Measure.class);
        Metric right = Metric.mean(values(p -> p.correct() ? 1 : 0));
        if (byChoice) {
            metrics.put(Measure.ACCURACY, right);
            if (!classes.isEmpty()) {
                metrics.put(Measure.MACRO_F1, Metric.macroF1(labels(), answers(), classes.size()));
                int majority =
                        ConfusionMatrix.of(labels(), answers(), classes.size()).majorityClass();
                String commonest = classes.get(majority);
                metrics.put(
                        Measure.MAJORITY_CLASS,
                        Metric.mean(values(p -> p.label().equals(commonest) ? 1 : 0)));
            }
        } else {
            metrics.put(Measure.EXACT_MATCH, right);
            metrics.put(Measure.ROUGE_L, Metric.mean(values(Prediction::rougeL)));
        }
        metrics.put(
                Measure.PERPLEXITY,
                Metric.perplexity(
                        values(Prediction::nll),
                        predictions.stream().mapToInt(Prediction::targetTokens).toArray()));
        return metrics;
    }

    Optional<ConfusionMatrix> confusion() {
        return byChoice && !classes.isEmpty()
                ? Optional.of(ConfusionMatrix.of(labels(), answers(), classes.size()))
                : Optional.empty();
    }

    /** Mean number of tokens before the completion; NaN of nothing. */
    double contextTokens() {
        return Arrays.stream(values(Prediction::promptTokens)).average().orElse(Double.NaN);
    }

    private double[] values(ToDoubleFunction<Prediction> value) {
        return predictions.stream().mapToDouble(value).toArray();
    }

    private int[] labels() {
        return predictions.stream().mapToInt(p -> classes.indexOf(p.label())).toArray();
    }

    private int[] answers() {
        return predictions.stream()
                .mapToInt(p -> classes.indexOf(p.prediction()))
                .toArray();
    }
}
