package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A task with one number of shots: the figures of the model, and against each earlier evaluation. */
final class TaskResult {
    private final String task;
    private final int shots;
    private final String adapter;
    private final List<Prediction> predictions;
    private final Measured measured;
    private final Map<Measure, Interval> figures = new EnumMap<>(Measure.class);
    private final List<Comparison> comparisons = new ArrayList<>();
    private final Map<String, Comparison> earlierChanges = new LinkedHashMap<>();

    /**
     * @param adapter URI of that on the model; null: there is none
     * @param earlier the baseline first; may be empty
     */
    TaskResult(
            String task,
            int shots,
            String adapter,
            List<Prediction> predictions,
            List<EarlierEvaluation> earlier,
            Bootstrap bootstrap) {
        this.task = task;
        this.shots = shots;
        this.adapter = adapter;
        this.predictions = predictions;
        measured = Measured.of(predictions);
        measured.metrics()
                .forEach((measure, metric) -> figures.put(measure, bootstrap.interval(measured.size(), metric)));
        for (EarlierEvaluation evaluation : earlier) {
            Comparison comparison = new Comparison(evaluation.name(), measured, evaluation.of(task, shots), bootstrap);
            if (!comparisons.isEmpty()) {
                EarlierEvaluation baseline = earlier.get(0);
                earlierChanges.put(
                        evaluation.name(),
                        new Comparison(
                                baseline.name(),
                                measured.over(comparison.paired()),
                                baseline.of(task, shots),
                                bootstrap));
            }
            comparisons.add(comparison);
        }
    }

    String task() {
        return task;
    }

    int shots() {
        return shots;
    }

    String adapter() {
        return adapter;
    }

    /** Ids of the templates that the examples were made with. */
    String templates() {
        return predictions.stream()
                .map(Prediction::template)
                .filter(Objects::nonNull)
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    List<Prediction> scored() {
        return measured.predictions();
    }

    /** How many examples could not be asked, by reason. */
    SortedMap<String, Long> setAside() {
        return predictions.stream()
                .filter(p -> !p.scored())
                .collect(Collectors.groupingBy(Prediction::setAside, TreeMap::new, Collectors.counting()));
    }

    List<String> classes() {
        return measured.classes();
    }

    /** The leading measure first. */
    Map<Measure, Interval> figures() {
        return figures;
    }

    /** The model against each earlier evaluation, the baseline first. */
    List<Comparison> comparisons() {
        return comparisons;
    }

    /** What each earlier evaluation, but the baseline, itself changed against the baseline; by its name. */
    Map<String, Comparison> earlierChanges() {
        return earlierChanges;
    }

    Optional<ConfusionMatrix> confusion() {
        return measured.confusion();
    }

    double contextTokens() {
        return measured.contextTokens();
    }
}
