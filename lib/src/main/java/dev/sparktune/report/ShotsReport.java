package dev.sparktune.report;

import dev.sparktune.eval.Measure;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One task with one number of shots.
 *
 * @param shots worked examples before each prompt
 * @param examples how many were scored
 * @param setAside how many were not, by reason
 * @param contextTokens mean number of tokens before the completion
 * @param scores what was measured, the leading measure first
 * @param changes of the leading measure: each earlier model against the baseline, and this one against each of them
 * @param answers labels against answers, for tasks with choices
 * @param samples a few predictions
 */
public record ShotsReport(
        int shots,
        long examples,
        SortedMap<String, Long> setAside,
        double contextTokens,
        List<Score> scores,
        List<Change> changes,
        Optional<Answers> answers,
        List<Sample> samples) {

    /** The measure that the task is judged by. */
    public Score lead() {
        return scores.get(0);
    }

    /** {@code model} less {@code against}; empty where they share no examples. */
    public Optional<Difference> change(String model, String against) {
        return changes.stream()
                .filter(change ->
                        change.model().equals(model) && change.against().equals(against))
                .map(Change::difference)
                .findFirst();
    }

    public Optional<Score> score(Measure measure) {
        return scores.stream().filter(score -> score.measure() == measure).findFirst();
    }

    /** {@code zero-shot}, {@code one-shot}, {@code 5-shot}. */
    public String name() {
        return switch (shots) {
            case 0 -> "zero-shot";
            case 1 -> "one-shot";
            default -> shots + "-shot";
        };
    }

    /** How many were not scored, for whatever reason. */
    public long setAsideInAll() {
        return setAside.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@code 413.2}. */
    public String contextTokensText() {
        return String.format(Locale.ROOT, "%.1f", contextTokens);
    }
}
