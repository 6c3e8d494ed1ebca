package dev.sparktune.template.jinja;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The names that a template's text holds, gathered while it is read: which of them only the row can give. */
final class Fields {
    private final Map<String, Integer> read = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>(Globals.NAMES);

    Fields() {
        known.add("loop");
    }

    void read(String name, int line) {
        read.putIfAbsent(name, line);
    }

    /** The template sets the variable, somewhere, or says what to do where there is none. */
    void known(String name) {
        known.add(name);
    }

    /** Name → line where it is first asked for, in that order. */
    Map<String, Integer> wanted() {
        Map<String, Integer> wanted = new LinkedHashMap<>(read);
        wanted.keySet().removeAll(known);
        return Collections.unmodifiableMap(wanted);
    }
}
