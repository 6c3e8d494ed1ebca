package dev.sparktune.jobs.tracking;

import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Redaction;
import java.util.LinkedHashMap;
import java.util.Map;

/** Settings as a tracking server has parameters: {@code train.learning_rate} to {@code 5.0E-4}, without secrets. */
final class RunParameters {
    /** MLflow's own limit. */
    private static final int LONGEST = 6000;

    private RunParameters() {}

    /** @param settings sections and keys, as the tree of a settings record or records in a map */
    static Map<String, String> of(Map<String, Object> settings) {
        Map<String, String> parameters = new LinkedHashMap<>();
        collect("", Redaction.tree(Json.tree(settings)), parameters);
        return parameters;
    }

    private static void collect(String name, Object value, Map<String, String> parameters) {
        if (value instanceof Map<?, ?> section) {
            section.forEach((key, below) -> collect(name.isEmpty() ? "" + key : name + "." + key, below, parameters));
        } else if (value != null) {
            String text = value instanceof String string ? string : Json.compact(value);
            parameters.put(name, text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…");
        }
    }
}
