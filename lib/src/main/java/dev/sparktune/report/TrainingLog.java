package dev.sparktune.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The figures of a {@code training.jsonl}, by name ({@code loss}, {@code eval_loss}, {@code learning_rate}, …): each a
 * list of points in the order of steps.
 *
 * @param unreadable lines that are no JSON object with a {@code step}: a run that was killed may leave half a line
 */
public record TrainingLog(Map<String, List<Point>> curves, int unreadable) {
    /** A figure at an update. */
    public record Point(long step, double value) {}

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads lines such as {@code {"step": 10, "loss": 2.31, "learning_rate": 1e-4}}; a later line about a step (a resumed
     * run writes some again) replaces an earlier one.
     */
    public static TrainingLog parse(List<String> lines) {
        Map<String, Map<Long, Double>> byName = new TreeMap<>();
        int unreadable = 0;
        for (String line : lines) {
            JsonNode entry = readOrNull(line);
            if (entry == null || !entry.path("step").isIntegralNumber()) {
                unreadable++;
                continue;
            }
            long step = entry.get("step").asLong();
            entry.fields().forEachRemaining(field -> {
                if (field.getValue().isNumber() && !field.getKey().equals("step")) {
                    byName.computeIfAbsent(field.getKey(), name -> new TreeMap<>())
                            .put(step, field.getValue().asDouble());
                }
            });
        }
        Map<String, List<Point>> curves = new TreeMap<>();
        byName.forEach((name, values) -> {
            List<Point> points = new ArrayList<>();
            values.forEach((step, value) -> points.add(new Point(step, value)));
            curves.put(name, points);
        });
        return new TrainingLog(curves, unreadable);
    }

    private static JsonNode readOrNull(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Points of a figure; none when the log does not have it. */
    public List<Point> curve(String name) {
        return curves.getOrDefault(name, List.of());
    }
}
