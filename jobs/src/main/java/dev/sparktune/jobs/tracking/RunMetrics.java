package dev.sparktune.jobs.tracking;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What came out of a job, as a tracking server has metrics: a name of few characters and a number. */
public final class RunMetrics {
    private RunMetrics() {}

    /** The numbers among some values, under {@code prefix/name}. */
    public static Map<String, Double> numbers(String prefix, Map<String, ?> values) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        values.forEach((name, value) -> {
            if (value instanceof Number number) {
                metrics.put(name(prefix, name), number.doubleValue());
            }
        });
        return metrics;
    }

    /**
     * Results of evaluate, such as {@code {"task": "rating", "shots": 2, "metric": "acc", "value": 0.5, "low": 0.4, "high": 0.6}},
     * under {@code rating/2-shot/acc}, and with {@code _low} and {@code _high} after it; of several adapters' the first one's.
     */
    public static Map<String, Double> results(List<?> results) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        for (Object result : results) {
            Map<?, ?> entry = (Map<?, ?>) result;
            String name = name("" + entry.get("task"), entry.get("shots") + "-shot", "" + entry.get("metric"));
            put(metrics, name, entry.get("value"));
            put(metrics, name + "_low", entry.get("low"));
            put(metrics, name + "_high", entry.get("high"));
        }
        return metrics;
    }

    private static void put(Map<String, Double> metrics, String name, Object value) {
        if (value instanceof Number number) {
            metrics.putIfAbsent(name, number.doubleValue());
        }
    }

    /** MLflow takes letters, digits and {@code _-. /}. */
    private static String name(String... parts) {
        return String.join("/", parts).replaceAll("[^A-Za-z0-9_\\-. /]", "_");
    }
}
