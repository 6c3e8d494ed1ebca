package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** What became of the rows, counted: quarantine by reason, kept rows by split and stratum, renderings by template. */
final class Tally {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What is counted; each kind has two names below it. */
    enum Kind {
        /** reason, nothing */
        QUARANTINED,
        /** split, stratum */
        KEPT,
        /** split, template's id */
        EXAMPLES,
        /** template's id, reason */
        SKIPPED,
        /** split, stratum: beyond the split's exact size */
        RESERVE,
        /** nothing, nothing: left out by the table of ids */
        EXCLUDED,
        /** cleaning step, nothing: rows that it changed */
        CLEANED,
        /** task, a power of two: examples whose characters do not exceed it, but half of it */
        LENGTHS
    }

    /** kind → first name → second name → count; sorted. */
    private final Map<Kind, Map<String, Map<String, Long>>> counts;

    Tally() {
        this(new TreeMap<>());
    }

    private Tally(Map<Kind, Map<String, Map<String, Long>>> counts) {
        this.counts = counts;
    }

    void add(Kind kind, String first, String second, long count) {
        counts.computeIfAbsent(kind, k -> new TreeMap<>())
                .computeIfAbsent(first, f -> new TreeMap<>())
                .merge(second, count, Long::sum);
    }

    void addAll(Tally other) {
        other.counts.forEach((kind, firsts) -> firsts.forEach(
                (first, seconds) -> seconds.forEach((second, count) -> add(kind, first, second, count))));
    }

    /** first name → second name → count. */
    Map<String, Map<String, Long>> of(Kind kind) {
        return counts.getOrDefault(kind, Map.of());
    }

    long total(Kind kind) {
        return of(kind).values().stream()
                .flatMap(seconds -> seconds.values().stream())
                .mapToLong(Long::longValue)
                .sum();
    }

    long total(Kind kind, String first) {
        return of(kind).getOrDefault(first, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** In all splits. */
    long examplesOf(String templateId) {
        return of(Kind.EXAMPLES).values().stream()
                .mapToLong(templates -> templates.getOrDefault(templateId, 0L))
                .sum();
    }

    /** How a task sends its tally to the driver. */
    String toJson() {
        try {
            return JSON.writeValueAsString(counts);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tally fromJson(String json) {
        try {
            Tally tally = new Tally();
            Map<Kind, Map<String, Map<String, Long>>> counts = JSON.readValue(json, new TypeReference<>() {});
            tally.addAll(new Tally(counts));
            return tally;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
