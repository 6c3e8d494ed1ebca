package dev.sparktune.mixture;

import dev.sparktune.split.KeyHash;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** In which words a record asks, where a task has several: each record draws its own, and the draw lasts. */
public final class Phrasings {
    private Phrasings() {}

    /**
     * The templates of one task as one record draws them: the first is its phrasing, the second takes its place where the first
     * has nothing to ask of this record, and so on. Every order is equally likely; a template that is added or taken away changes the
     * phrasing only of those records that draw or drew it.
     *
     * @param salt another one draws anew
     * @param templateIds of one task, each once
     */
    public static List<String> drawn(String salt, String recordId, List<String> templateIds) {
        Map<String, Long> draw = new HashMap<>();
        for (String template : templateIds) {
            draw.put(template, KeyHash.of(salt + "/phrasing", recordId + "/" + template));
        }
        List<String> order = new ArrayList<>(templateIds);
        order.sort(Comparator.<String, Long>comparing(draw::get).thenComparing(Comparator.naturalOrder()));
        return order;
    }
}
