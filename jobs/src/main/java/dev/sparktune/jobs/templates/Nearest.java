package dev.sparktune.jobs.templates;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What somebody meant who mistyped a name. */
final class Nearest {
    private Nearest() {}

    /** The known name that takes the fewest letters to change. */
    static String of(String name, Collection<String> known) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return known.stream()
                .min(Comparator.<String, Integer>comparing(candidate -> distance.apply(candidate, name))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
    }
}
