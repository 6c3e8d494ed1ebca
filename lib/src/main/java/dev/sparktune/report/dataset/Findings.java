package dev.sparktune.report.dataset;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the page says first: what became of the rows in a sentence, and a line for everything that one should know. */
public record Findings(String sentence, List<String> others) {

    static Findings of(DatasetReport data) {
        DatasetReport.Rows rows = data.rows();
        long examples =
                data.splits().stream().mapToLong(DatasetReport.Split::examples).sum();
        String sentence = text(
                "Of %,d rows %,d are kept, %,d in quarantine and %,d in reserve; they make %,d examples of %s.",
                rows.in(), rows.kept(), rows.quarantined(), rows.reserve(), examples, tasks(data));
        List<String> others = new ArrayList<>();
        others.add(balance(data.balance()));
        others.add(shared(data.leaks()));
        data.leaks().near().ifPresent(near -> {
            long pairs = near.values().stream().mapToLong(Long::longValue).sum();
            others.add(text("Pairs of nearly the same texts in two splits, found before rows left: %,d.", pairs));
        });
        data.tokens()
                .ifPresent(tokens -> others.add(text(
                        "%,d of %,d examples have more than %,d tokens (train.max_length).",
                        tokens.allOver(), examples, tokens.maxLength())));
        if (!rows.badFiles().isEmpty()) {
            others.add(text(
                    "Files that could not be read and were left out: %,d.",
                    rows.badFiles().size()));
        }
        return new Findings(sentence, others);
    }

    private static String tasks(DatasetReport data) {
        int tasks = data.tasks().size();
        return tasks == 1 ? "one task" : tasks + " tasks";
    }

    private static String balance(DatasetReport.Balance balance) {
        if (balance.compared() == 0) {
            return text("No stratum is large enough to compare its shares with their targets.");
        }
        return text(
                "Strata miss their shares by %.2f %% (root mean square of %,d), %.2f %% at most.",
                100 * balance.rms(), balance.compared(), 100 * balance.max());
    }

    private static String shared(DatasetReport.Leaks leaks) {
        if (leaks.pairs().isEmpty()) {
            return "There is one split only.";
        }
        if (leaks.none()) {
            return "No two splits share an id, a group or an example.";
        }
        long pairs = leaks.pairs().stream().filter(pair -> !pair.none()).count();
        return text(
                "%,d of %,d pairs of splits share something: see below.",
                pairs, leaks.pairs().size());
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
