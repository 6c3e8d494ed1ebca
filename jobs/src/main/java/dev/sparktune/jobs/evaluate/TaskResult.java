package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import dev.sparktune.eval.Metric;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A task with one number of shots: the figures of the model, and against its baseline those over the examples that both
 * scored.
 */
final class TaskResult {
    /** {@code value} is model less baseline; {@code baseline} is over the same examples. */
    record Delta(Interval value, Interval baseline) {}

    private final String task;
    private final int shots;
    private final List<Prediction> predictions;
    private final List<Prediction> scored;
    private final Map<String, Prediction> baselineById;
    private final List<String> classes;
    private final Measured measured;
    private final Map<Measure, Interval> figures = new EnumMap<>(Measure.class);
    private final Map<Measure, Delta> deltas = new EnumMap<>(Measure.class);
    private final int paired;
    private final Optional<ConfusionMatrix> baselineConfusion;

    /** @param baseline predictions of the earlier evaluation for this task and number of shots; empty without one */
    TaskResult(String task, int shots, List<Prediction> predictions, List<Prediction> baseline, Bootstrap bootstrap) {
        this.task = task;
        this.shots = shots;
        this.predictions = predictions;
        scored = predictions.stream().filter(Prediction::scored).toList();
        classes = Measured.classes(predictions);
        boolean byChoice = predictions.stream()
                .anyMatch(p -> p.choices() != null && !p.choices().isEmpty());
        measured = new Measured(scored, byChoice, classes);
        measured.metrics()
                .forEach((measure, metric) -> figures.put(measure, bootstrap.interval(scored.size(), metric)));

        baselineById = new HashMap<>();
        baseline.stream().filter(Prediction::scored).forEach(p -> baselineById.put(key(p), p));
        List<Prediction> ours = new ArrayList<>();
        List<Prediction> theirs = new ArrayList<>();
        for (Prediction prediction : scored) {
            Prediction earlier = baselineById.get(key(prediction));
            if (earlier != null && comparable(prediction, earlier)) {
                ours.add(prediction);
                theirs.add(earlier);
            }
        }
        paired = ours.size();
        Measured measuredBaseline = new Measured(theirs, byChoice, classes);
        baselineConfusion = paired == 0 ? Optional.empty() : measuredBaseline.confusion();
        if (paired > 0) {
            Map<Measure, Metric> earlier = measuredBaseline.metrics();
            new Measured(ours, byChoice, classes).metrics().forEach((measure, metric) -> {
                Metric before = earlier.get(measure);
                deltas.put(
                        measure,
                        new Delta(bootstrap.difference(paired, metric, before), bootstrap.interval(paired, before)));
            });
        }
    }

    private static String key(Prediction prediction) {
        return prediction.id() + "\n" + prediction.template();
    }

    /** The same question with the same answers to choose from. */
    private static boolean comparable(Prediction one, Prediction other) {
        return one.label().equals(other.label()) && Objects.equals(one.choices(), other.choices());
    }

    String task() {
        return task;
    }

    int shots() {
        return shots;
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
        return scored;
    }

    /** How many examples could not be asked, by reason. */
    Map<String, Long> setAside() {
        return predictions.stream()
                .filter(p -> !p.scored())
                .collect(Collectors.groupingBy(Prediction::setAside, Collectors.counting()));
    }

    /** The baseline's answer to the same example. */
    Optional<String> baselineAnswer(Prediction prediction) {
        return Optional.ofNullable(baselineById.get(key(prediction))).map(Prediction::prediction);
    }

    List<String> classes() {
        return classes;
    }

    /** The leading measure first. */
    Map<Measure, Interval> figures() {
        return figures;
    }

    /** Empty without a baseline, or when it scored none of these examples. */
    Map<Measure, Delta> deltas() {
        return deltas;
    }

    /** How many examples the deltas are over. */
    int paired() {
        return paired;
    }

    Optional<ConfusionMatrix> confusion() {
        return measured.confusion();
    }

    Optional<ConfusionMatrix> baselineConfusion() {
        return baselineConfusion;
    }

    double contextTokens() {
        return measured.contextTokens();
    }
}
