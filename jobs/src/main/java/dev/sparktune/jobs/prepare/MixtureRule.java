package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.settings.MixtureSettings;
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
    /** Task → rows that take part; a task that is missing takes all. */
    private final Map<String, Long> wanted = new LinkedHashMap<>();
    /** Task → highest hash that takes part. */
    private final Map<String, Long> last = new LinkedHashMap<>();

    private MixtureRule(boolean onePhrasing, String salt) {
        this.onePhrasing = onePhrasing;
        this.salt = salt;
    }

    /**
     * @param templates task → its templates
     * @param rows in train
     * @throws IllegalArgumentException when the settings name a task that there is not
     */
    static MixtureRule of(
            MixtureSettings settings, Map<String, List<PromptTemplate>> templates, long rows, String salt) {
        MixtureRule rule = new MixtureRule(settings.onePhrasing(), salt);
        Map<String, Long> available = new LinkedHashMap<>();
        templates.forEach((task, phrasings) -> available.put(task, rows * rule.examplesOfRow(phrasings.size())));
        for (Mixture.Share share :
                Mixture.of(available, settings.rates(), settings.wantedSize()).shares()) {
            if (share.taken() < share.available()) {
                int each = rule.examplesOfRow(templates.get(share.task()).size());
                long taken = share.taken() / each;
                rule.wanted.put(share.task(), taken);
                if (taken > EXACT) {
                    rule.last.put(share.task(), quantile((double) taken / rows));
                }
            }
        }
        return rule;
    }

    private int examplesOfRow(int phrasings) {
        return onePhrasing ? 1 : phrasings;
    }

    /** The number below which this share of all longs lies. */
    private static long quantile(double share) {
        return (long) (share * 0x1p64 - 0x1p63);
    }

    /** Task → rows to count off; empty where nothing is to be counted. */
    Map<String, Integer> toCount() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        wanted.forEach((task, rows) -> {
            if (!last.containsKey(task)) {
                counts.put(task, rows.intValue());
            }
        });
        return counts;
    }

    /** @param lowest task → every training row's {@link #hash} was added */
    void counted(Map<String, LowestHashes> lowest) {
        toCount().forEach((task, rows) -> {
            LowestHashes hashes = lowest.get(task);
            long[] sorted = hashes == null ? new long[0] : hashes.sorted();
            last.put(task, sorted.length == 0 ? Long.MIN_VALUE : sorted[sorted.length - 1]);
        });
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
