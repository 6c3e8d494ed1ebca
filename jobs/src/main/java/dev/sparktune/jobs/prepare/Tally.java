package dev.sparktune.jobs.prepare;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
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
        /** split, stratum: in quarantine, as an evaluation row is nearly the same */
        LEFT,
        /** nothing, nothing: left out by the table of ids */
        EXCLUDED,
        /** cleaning step, nothing: rows that it changed */
        CLEANED,
        /** task, nothing: examples of more tokens than train.max_length */
        TOO_LONG
    }

    /** In what the lengths of examples are counted. */
    enum Unit {
        /** Unicode code points of prompt and completion */
        CHARACTERS,
        /** of prompt and completion as one text, and one for the end */
        TOKENS
    }

    /** kind → first name → second name → count. */
    private final Map<Kind, Map<String, Map<String, Long>>> counts = new EnumMap<>(Kind.class);
    /** unit → task → lengths of its examples. */
    private final Map<Unit, Map<String, LengthHistogram>> lengths = new EnumMap<>(Unit.class);

    /** As a task sends it to the driver. */
    private record Sent(
            Map<Kind, Map<String, Map<String, Long>>> counts, Map<Unit, Map<String, LengthHistogram>> lengths) {}

    void add(Kind kind, String first, String second, long count) {
        counts.computeIfAbsent(kind, k -> new HashMap<>())
                .computeIfAbsent(first, f -> new HashMap<>())
                .merge(second, count, Long::sum);
    }

    void addLength(Unit unit, String task, int length) {
        histogram(unit, task).add(length);
    }

    private LengthHistogram histogram(Unit unit, String task) {
        return lengths.computeIfAbsent(unit, u -> new HashMap<>()).computeIfAbsent(task, t -> new LengthHistogram());
    }

    void addAll(Tally other) {
        addAll(new Sent(other.counts, other.lengths));
    }

    private void addAll(Sent other) {
        other.counts.forEach((kind, firsts) -> firsts.forEach(
                (first, seconds) -> seconds.forEach((second, count) -> add(kind, first, second, count))));
        other.lengths.forEach((unit, tasks) ->
                tasks.forEach((task, more) -> histogram(unit, task).addAll(more)));
    }

    /** task → lengths of its examples, sorted; empty where they were not counted in this unit. */
    Map<String, LengthHistogram> lengths(Unit unit) {
        return new TreeMap<>(lengths.getOrDefault(unit, Map.of()));
    }

    /** first name → second name → count; sorted. */
    Map<String, Map<String, Long>> of(Kind kind) {
        Map<String, Map<String, Long>> sorted = new TreeMap<>();
        counts.getOrDefault(kind, Map.of()).forEach((first, seconds) -> sorted.put(first, new TreeMap<>(seconds)));
        return sorted;
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

    /**
     * Stratum → [split]: the rows that the map dealt, whatever became of them then: kept, in reserve, or gone from train as an
     * evaluation row is nearly the same.
     */
    SortedMap<String, long[]> dealt(List<String> splits) {
        SortedMap<String, long[]> dealt = new TreeMap<>();
        for (Kind kind : List.of(Kind.KEPT, Kind.RESERVE, Kind.LEFT)) {
            of(kind).forEach((split, strata) -> strata.forEach((stratum, rows) ->
                    dealt.computeIfAbsent(stratum, s -> new long[splits.size()])[splits.indexOf(split)] += rows));
        }
        return dealt;
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
            return JSON.writeValueAsString(new Sent(counts, lengths));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Tally fromJson(String json) {
        try {
            Tally tally = new Tally();
            tally.addAll(JSON.readValue(json, Sent.class));
            return tally;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
