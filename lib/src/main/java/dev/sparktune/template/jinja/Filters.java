package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.HashMap;
import java.util.Map;

/** Jinja's filters, and PromptSource's own: choice, most_frequent, highlight. */
final class Filters {
    static final Map<String, Builtin> TABLE = table();

    private Filters() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.putAll(TextFilters.TABLE);
        table.putAll(HtmlFilters.TABLE);
        table.putAll(Numbers.TABLE);
        table.putAll(Sequences.TABLE);
        table.putAll(Sorting.TABLE);
        table.putAll(Selection.TABLE);
        table.put("default", Builtin.of("default_value? boolean?", (context, self, a) -> orDefault(self, a)));
        table.put("d", table.get("default"));
        table.put("attr", Builtin.of("name", (context, self, a) -> attribute(self, StringMethods.text(a[0]))));
        return Map.copyOf(table);
    }

    private static Object orDefault(Object self, Object[] a) {
        boolean replace = self instanceof Undefined || (Values.truth(orElse(a[1], false)) && !Values.truth(self));
        return replace ? orElse(a[0], "") : self;
    }

    /** As {@code self.name}, but not the key of a dict. */
    private static Object attribute(Object self, String name) {
        if (self instanceof Undefined undefined) {
            throw undefined.error();
        }
        return Subscript.attribute(self instanceof Dict ? new Dict() : self, name);
    }
}
