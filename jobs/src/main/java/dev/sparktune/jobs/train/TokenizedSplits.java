package dev.sparktune.jobs.train;

import java.util.LinkedHashMap;
import java.util.Map;

/** The token shards of a run. */
public record TokenizedSplits(Tokenization.Shards train, Tokenization.Shards validation) {
    /** For {@code metrics.json}. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new LinkedHashMap<>(train.counts().named("train"));
        counts.putAll(validation.counts().named("validation"));
        return counts;
    }
}
