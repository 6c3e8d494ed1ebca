package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.settings.MixtureSettings;
import dev.sparktune.mixture.MixingRates;
import dev.sparktune.mixture.Mixture;
import dev.sparktune.mixture.Phrasings;
import dev.sparktune.split.KeyHash;
import dev.sparktune.split.LowestHashes;
import dev.sparktune.template.PromptTemplate;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which training rows become examples of which task, and by which of its templates. Of each task those rows take part whose
 * hashes under the task are lowest: so a task's rows are drawn independently of the others', and stay drawn as the mixture
 * grows. Evaluation splits hold every task of every row in all its phrasings.
 */
final class MixtureRule implements Serializable {
    private static final long serialVersionUID = 1;
    /** Up to so many rows of a task are counted off exactly, beyond that by their share: off by less than 0.1 %. */
    private static final int EXACT = 1 << 20;

    private final boolean onePhrasing;
    private final String salt;
    /** Task → highest hash that takes part; a task that is missing takes all. */
    private final Map<String, Long> last = new LinkedHashMap<>();

    private long missing;

    private MixtureRule(boolean onePhrasing, String salt) {
        this.onePhrasing = onePhrasing;
        this.salt = salt;
    }

    /**
     * Task → the most of its lowest hashes that a mixture can need; empty for a mixture of all there is, where nothing need be
     * counted.
     *
     * @throws IllegalArgumentException when the settings name a task that there is not
     */
    static Map<String, Integer> toCount(MixtureSettings settings, Set<String> tasks) {
        settings.rates().checkTasks(tasks);
        Map<String, Integer> counts = new LinkedHashMap<>();
        if (settings.wantedSize().isPresent() || !settings.rates().equals(MixingRates.PROPORTIONAL)) {
            long most = Math.min(EXACT, settings.wantedSize().orElse(EXACT));
            tasks.forEach(task -> counts.put(task, (int) most));
        }
        return counts;
    }

    /**
     * @param templates task → its templates
     * @param lowest task → the {@link #hash} of every training row that gives an example of it was added; empty where nothing was to
     *     be counted
     */
    static MixtureRule of(
            MixtureSettings settings,
            Map<String, List<PromptTemplate>> templates,
            String salt,
            Map<String, LowestHashes> lowest) {
        MixtureRule rule = new MixtureRule(settings.onePhrasing(), salt);
        if (toCount(settings, templates.keySet()).isEmpty()) {
            return rule;
        }
        Map<String, Long> available = new LinkedHashMap<>();
        templates.forEach((task, phrasings) -> available.put(
                task, lowest.containsKey(task) ? lowest.get(task).seen() * rule.examplesOfRow(phrasings.size()) : 0));
        Mixture mixture = Mixture.of(available, settings.rates(), settings.wantedSize());
        rule.missing = mixture.missing();
        for (Mixture.Share share : mixture.shares()) {
            if (share.taken() < share.available()) {
                int each = rule.examplesOfRow(templates.get(share.task()).size());
                rule.last.put(share.task(), last(lowest.get(share.task()), share.taken() / each));
            }
        }
        return rule;
    }

    private int examplesOfRow(int phrasings) {
        return onePhrasing ? 1 : phrasings;
    }

    private static long last(LowestHashes hashes, long rows) {
        long[] sorted = hashes.sorted();
        if (rows == 0) {
            return Long.MIN_VALUE;
        }
        return rows <= sorted.length
                ? sorted[(int) rows - 1]
                : (long) ((double) rows / hashes.seen() * 0x1p64 - 0x1p63); // below it lies this share of all longs
    }

    /** Examples that the mixture's size asks for and no task has. */
    long missing() {
        return missing;
    }

    /** What decides whether a row takes part in a task. */
    static long hash(String task, long recordHash) {
        return KeyHash.mixed(recordHash, KeyHash.of("mixture", task));
    }

    boolean takes(String task, long recordHash) {
        Long end = last.get(task);
        return end == null || hash(task, recordHash) <= end;
    }

    /** The templates of a task in the order in which a training row tries them; it becomes one example if there is only one phrasing. */
    List<PromptTemplate> order(List<PromptTemplate> templates, String id) {
        if (!onePhrasing || templates.size() == 1) {
            return templates;
        }
        Map<String, PromptTemplate> byId = new LinkedHashMap<>();
        templates.forEach(template -> byId.put(template.id(), template));
        List<PromptTemplate> order = new ArrayList<>();
        for (String template : Phrasings.drawn(salt, id, List.copyOf(byId.keySet()))) {
            order.add(byId.get(template));
        }
        return order;
    }

    boolean onePhrasing() {
        return onePhrasing;
    }
}
