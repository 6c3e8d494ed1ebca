package dev.sparktune.report.dataset;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that the page of a prepared data set shows.
 *
 * @param source name of the table
 * @param rows what became of the rows
 * @param splits in the user's order
 * @param strata the shares of each; at least one
 * @param balance how near the strata came to their targets
 * @param tasks in the templates' order
 * @param characters lengths by task, in the tasks' order
 * @param tokens the same in tokens, where they were counted
 * @param leaks what splits share
 * @param samples some examples; empty where no text may be shown
 * @param configuration settings, as shown: secrets are already taken out
 * @param environment versions, machine, time
 */
public record DatasetReport(
        String source,
        Rows rows,
        List<Split> splits,
        List<Stratum> strata,
        Balance balance,
        List<Task> tasks,
        List<Lengths> characters,
        Optional<Tokens> tokens,
        Leaks leaks,
        Optional<Samples> samples,
        Map<String, String> configuration,
        Map<String, String> environment) {

    /**
     * Rows in are those kept, in quarantine and in reserve; excluded ones are beside them.
     *
     * @param cleaned step → rows that it changed
     * @param reasons of quarantine → rows
     * @param excluded left out by the table of ids; empty where there is none
     * @param badFiles that were left out
     */
    public record Rows(
            long in,
            long kept,
            long quarantined,
            long reserve,
            Optional<Long> excluded,
            Map<String, Long> cleaned,
            Map<String, Long> reasons,
            List<BadFile> badFiles) {}

    /** A file that could not be read with the others. */
    public record BadFile(String path, String reason) {}

    /**
     * @param fraction of the rows that it shall have
     * @param rows kept
     * @param reserve rows beyond its exact size
     */
    public record Split(String name, double fraction, long rows, long examples, long reserve, int files, long bytes) {}

    /**
     * @param rows kept, by split
     * @param dealt by split: kept, in reserve, and those that left train for being near an evaluation row: what is compared with the fractions
     */
    public record Stratum(String name, List<Long> rows, List<Long> dealt) {
        /** Of all splits. */
        public long all() {
            return rows.stream().mapToLong(Long::longValue).sum();
        }

        private long allDealt() {
            return dealt.stream().mapToLong(Long::longValue).sum();
        }

        /** How far a split's share is from its target, as a share of the target: {@code 0.02} is 2 % too many. */
        public double miss(int split, double fraction) {
            double target = allDealt() * fraction;
            return target == 0 ? 0 : (dealt.get(split) - target) / target;
        }

        /** Rows that the split should have. */
        public double target(double fraction) {
            return allDealt() * fraction;
        }
    }

    /**
     * @param rms root mean square of what the strata miss their targets by, over the pairs of stratum and split that are compared
     * @param max the most of them
     * @param leastTarget pairs of smaller ones are not compared
     */
    public record Balance(double rms, double max, int compared, int leastTarget) {}

    /** @param examples by split */
    public record Task(String name, List<Long> examples, List<Template> templates) {
        public long all() {
            return examples.stream().mapToLong(Long::longValue).sum();
        }
    }

    /** @param skipped reason → renderings that were no examples */
    public record Template(String name, long examples, Map<String, Long> skipped) {
        /** For whatever reason. */
        public long allSkipped() {
            return skipped.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * How long a task's examples are.
     *
     * @param p50 a length that half of them do not exceed; so p90 and p99
     * @param histogram end of class → examples not longer than it, but longer than the class before
     */
    public record Lengths(
            String task,
            long examples,
            double mean,
            long p50,
            long p90,
            long p99,
            long longest,
            Map<Long, Long> histogram) {}

    /**
     * @param tokenizer where it lies
     * @param maxLength tokens that an example may have in training
     * @param lengths by task
     * @param over task → examples of more tokens
     */
    public record Tokens(String tokenizer, int maxLength, List<Lengths> lengths, Map<String, Long> over) {
        public long allOver() {
            return over.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * @param pairs of splits with the numbers of what lies in both
     * @param near pair of splits → pairs of nearly the same texts, found before training rows left; empty where not looked for
     */
    public record Leaks(List<Shared> pairs, Optional<Map<String, Long>> near) {
        public boolean none() {
            return pairs.stream().allMatch(Shared::none);
        }
    }

    /** @param pair such as {@code train and test} */
    public record Shared(String pair, long ids, long groups, long examples) {
        boolean none() {
            return ids + groups + examples == 0;
        }
    }

    /**
     * @param split that they are of
     * @param missing tasks that none was found of
     */
    public record Samples(String split, List<Sample> samples, List<String> missing) {}

    /**
     * One example; all text is data and shown as it is.
     *
     * @param choices answers to choose from; empty for open tasks
     */
    public record Sample(String task, String template, String prompt, String completion, List<String> choices) {
        private static final int MOST = 3_000;

        /** The beginning of a prompt that would fill the page. */
        public String shownPrompt() {
            int points = prompt.codePointCount(0, prompt.length());
            return points <= MOST
                    ? prompt
                    : prompt.substring(0, prompt.offsetByCodePoints(0, MOST)) + " … (" + (points - MOST)
                            + " more characters)";
        }
    }
}
