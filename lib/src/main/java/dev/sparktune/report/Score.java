package dev.sparktune.report;

import dev.sparktune.eval.Measure;
import java.util.List;
import java.util.Optional;

/**
 * A measure of the model, and of the earlier evaluations that scored its examples too.
 *
 * @param against in the order of {@link ReportData#earlier()}; those that scored none of the examples are missing
 */
public record Score(Figure model, List<Against> against) {
    public Measure measure() {
        return model.measure();
    }

    public Optional<Against> against(String evaluation) {
        return against.stream()
                .filter(other -> other.evaluation().equals(evaluation))
                .findFirst();
    }

    /** The model less an earlier evaluation. */
    public Optional<Difference> difference(String evaluation) {
        return against(evaluation).flatMap(Against::difference);
    }
}
