package dev.sparktune.template.jinja;

import java.util.HashMap;
import java.util.Map;

/** The variables of one loop turn, block or call, inside of another's. */
final class Scope {
    private final Scope outer;
    private Map<String, Object> variables;

    Scope(Scope outer) {
        this.outer = outer;
    }

    /** Null for that of the whole template. */
    Scope outer() {
        return outer;
    }

    void set(String name, Object value) {
        if (variables == null) {
            variables = new HashMap<>();
        }
        variables.put(name, value);
    }

    /** This scope's own variable, or ABSENT. */
    Object get(String name) {
        return variables == null ? Dict.ABSENT : variables.getOrDefault(name, Dict.ABSENT);
    }
}
