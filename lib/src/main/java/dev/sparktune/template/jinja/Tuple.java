package dev.sparktune.template.jinja;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Python's tuple. {@code items} may hold nulls (None). */
record Tuple(List<Object> items) {
    static Tuple of(Object... items) {
        return new Tuple(Collections.unmodifiableList(Arrays.asList(items)));
    }
}
