package dev.sparktune.template.jinja;

import java.util.List;
import java.util.Map;

/** Jinja's {@code cycler(a, b, …)}. */
final class Cycler {
    static final Map<String, Builtin> METHODS = Map.of(
            "next",
            Builtin.positional("", (context, self, a) -> ((Cycler) self).next()),
            "reset",
            Builtin.positional("", (context, self, a) -> {
                ((Cycler) self).position = 0;
                return null;
            }));

    private final List<Object> items;
    private int position;

    Cycler(List<Object> items) {
        if (items.isEmpty()) {
            throw new EvalException("at least one item has to be provided");
        }
        this.items = items;
    }

    Object current() {
        return items.get(position);
    }

    private Object next() {
        Object current = current();
        position = (position + 1) % items.size();
        return current;
    }
}
