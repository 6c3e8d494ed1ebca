package dev.sparktune.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a report shows.
 *
 * @param model name of the evaluation that the report is of, such as {@code instruct}
 * @param earlier names of the evaluations it is compared with: first the baseline, such as {@code base}; may be empty
 * @param tasks at least one; the first is the one the model is for
 * @param training how the model was trained, where its log lies beside it
 * @param configuration settings, as shown: secrets are already taken out
 * @param environment versions, machine, time
 */
public record ReportData(
        String model,
        List<String> earlier,
        List<TaskReport> tasks,
        Optional<TrainingLog> training,
        Map<String, String> configuration,
        Map<String, String> environment) {

    public Optional<String> baseline() {
        return earlier.stream().findFirst();
    }

    /** Earlier evaluations besides the baseline. */
    public List<String> compared() {
        return earlier.subList(Math.min(1, earlier.size()), earlier.size());
    }
}
