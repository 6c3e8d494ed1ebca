package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Platform;
import dev.sparktune.jobs.run.Redaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the data were made, for the report.
 *
 * @param configuration setting → value, secrets taken out; without those that say nothing
 * @param environment versions, machine, time
 */
record Provenance(Map<String, String> configuration, Map<String, String> environment) {
    private static final List<String> SECTIONS =
            List.of("input", "clean", "privacy", "templates", "examples", "mixture", "split");

    static Provenance of(JobContext job) {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("sparktune", JobMain.version());
        environment.putAll(Platform.describe(job.spark().sparkContext().conf()));
        environment.put("written", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        Map<String, String> texts = new LinkedHashMap<>();
        environment.forEach((key, value) -> texts.put(key, Redaction.text(value.toString())));
        return new Provenance(configuration((Map<?, ?>) Redaction.tree(Json.tree(job.settings()))), texts);
    }

    private static Map<String, String> configuration(Map<?, ?> settings) {
        Map<String, String> configuration = new LinkedHashMap<>();
        for (String section : SECTIONS) {
            ((Map<?, ?>) settings.get(section)).forEach((key, value) -> {
                boolean empty = value == null
                        || value instanceof Collection<?> list && list.isEmpty()
                        || value instanceof Map<?, ?> map && map.isEmpty();
                if (!empty) {
                    configuration.put(section + "." + key, value instanceof String text ? text : Json.compact(value));
                }
            });
        }
        return configuration;
    }
}
