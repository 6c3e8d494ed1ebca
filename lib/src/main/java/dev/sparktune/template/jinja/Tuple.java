package dev.sparktune.template.jinja;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Python's tuple.
 *
 * @param items may hold nulls (None)
 * @param grouped whether it is one of {@code groupby}'s, whose items have the names {@code grouper} and {@code list}
 */
record Tuple(List<Object> items, boolean grouped) {
    Tuple(List<Object> items) {
        this(items, false);
    }

    static Tuple of(Object... items) {
        return new Tuple(Collections.unmodifiableList(Arrays.asList(items)));
    }

    static Tuple group(Object key, List<Object> members) {
        return new Tuple(Collections.unmodifiableList(Arrays.asList(key, members)), true);
    }
}
