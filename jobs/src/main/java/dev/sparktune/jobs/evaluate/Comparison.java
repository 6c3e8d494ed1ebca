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

/** Predictions of one task beside those of an earlier evaluation: figures over the examples that both scored. */
final class Comparison {
    /** {@code value} is these predictions less the earlier ones; {@code earlier} is over the same examples. */
    record Delta(Interval value, Interval earlier) {}

    private final String against;
    private final Map<String, Prediction> earlierByKey = new HashMap<>();
    private final List<Prediction> paired = new ArrayList<>();
    private final Map<Measure, Delta> deltas = new EnumMap<>(Measure.class);
    private final Optional<ConfusionMatrix> confusion;

    /**
     * @param against name of the earlier evaluation
     * @param scored its scored predictions count only where they answer one of these
     */
    Comparison(String against, Measured scored, List<Prediction> earlier, Bootstrap bootstrap) {
        this.against = against;
        earlier.stream().filter(Prediction::scored).forEach(p -> earlierByKey.put(key(p), p));
        List<Prediction> ours = new ArrayList<>();
        for (Prediction prediction : scored.predictions()) {
            Prediction other = earlierByKey.get(key(prediction));
            if (other != null && comparable(prediction, other)) {
                ours.add(prediction);
                paired.add(other);
            }
        }
        Measured theirs = scored.over(paired);
        confusion = paired.isEmpty() ? Optional.empty() : theirs.confusion();
        if (!paired.isEmpty()) {
            Map<Measure, Metric> before = theirs.metrics();
            scored.over(ours)
                    .metrics()
                    .forEach((measure, metric) -> deltas.put(
                            measure,
                            new Delta(
                                    bootstrap.difference(paired.size(), metric, before.get(measure)),
                                    bootstrap.interval(paired.size(), before.get(measure)))));
        }
    }

    private static String key(Prediction prediction) {
        return prediction.id() + "\n" + prediction.template();
    }

    /** The same question with the same answers to choose from. */
    private static boolean comparable(Prediction one, Prediction other) {
        return one.label().equals(other.label()) && Objects.equals(one.choices(), other.choices());
    }

    /** Name of the earlier evaluation. */
    String against() {
        return against;
    }

    /** The earlier predictions that the figures are over. */
    List<Prediction> paired() {
        return paired;
    }

    /** Empty when the earlier evaluation scored none of the examples. */
    Map<Measure, Delta> deltas() {
        return deltas;
    }

    /** Of the earlier predictions. */
    Optional<ConfusionMatrix> confusion() {
        return confusion;
    }

    /** The earlier answer to the same example. */
    Optional<String> answer(Prediction prediction) {
        return Optional.ofNullable(earlierByKey.get(key(prediction))).map(Prediction::prediction);
    }
}
