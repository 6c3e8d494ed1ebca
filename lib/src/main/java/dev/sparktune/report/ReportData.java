package dev.sparktune.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a report shows.
 *
 * @param model name of the evaluation that the report is of, such as {@code instruct}
 * @param baseline name of the evaluation it is compared with, such as {@code base}
 * @param tasks at least one; the first is the one the model is for
 * @param training how the model was trained, where its log lies beside it
 * @param configuration settings, as shown: secrets are already taken out
 * @param environment versions, machine, time
 */
public record ReportData(
        String model,
        Optional<String> baseline,
        List<TaskReport> tasks,
        Optional<TrainingLog> training,
        Map<String, String> configuration,
        Map<String, String> environment) {}
