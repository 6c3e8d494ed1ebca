package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Jinja's filters, and PromptSource's own: choice, most_frequent, highlight. */
final class Filters {
    static final Map<String, Builtin> TABLE = table();

    private Filters() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        addText(table);
        addNumbers(table);
        addSequences(table);
        table.put("default", Builtin.of("default_value? boolean?", (context, self, a) -> orDefault(self, a)));
        table.put("d", table.get("default"));
        return Map.copyOf(table);
    }

    private static void addText(Map<String, Builtin> table) {
        table.put("string", onText(s -> s));
        table.put("lower", onText(Text::lower));
        table.put("upper", onText(Text::upper));
        table.put("capitalize", onText(Text::capitalize));
        table.put(
                "trim",
                Builtin.of(
                        "chars?",
                        (context, self, a) ->
                                StringMethods.strip(context, Printer.str(context, self), a[0], true, true)));
        table.put(
                "replace",
                Builtin.of(
                        "old new count?",
                        (context, self, a) -> Text.replace(
                                context,
                                Printer.str(context, self),
                                Printer.str(context, a[0]),
                                Printer.str(context, a[1]),
                                orElse(a[2], null) == null ? -1 : Values.integer(a[2]))));
        table.put("join", Builtin.of("d? attribute?", (context, self, a) -> join(context, self, a)));
        table.put("format", Builtin.open((context, self, arguments) -> format(context, self, arguments)));
        table.put(
                "highlight",
                Builtin.of(
                        "",
                        (context, self, a) -> "<span style='color: #F08080'>" + StringMethods.text(self) + "</span>"));
    }

    private static void addNumbers(Map<String, Builtin> table) {
        table.put("int", Builtin.of("default? base?", (context, self, a) -> {
            if (a[1] != Dict.ABSENT && !Values.equal(context, a[1], 10L)) {
                throw new EvalException("the filter 'int' supports base 10 only");
            }
            return Numbers.toInteger(self, orElse(a[0], 0L));
        }));
        table.put("float", Builtin.of("default?", (context, self, a) -> Numbers.toFloat(self, orElse(a[0], 0.0))));
        table.put("abs", Builtin.of("", (context, self, a) -> Numbers.abs(self)));
        table.put(
                "round",
                Builtin.of(
                        "precision? method?",
                        (context, self, a) -> Numbers.round(self, orElse(a[0], 0L), orElse(a[1], "common"))));
    }

    private static void addSequences(Map<String, Builtin> table) {
        table.put("length", Builtin.of("", (context, self, a) -> length(context, self)));
        table.put("count", table.get("length"));
        table.put("list", Builtin.of("", (context, self, a) -> Iteration.list(context, self)));
        table.put("first", Builtin.of("", (context, self, a) -> first(context, self)));
        table.put("last", Builtin.of("", (context, self, a) -> last(context, self)));
        table.put(
                "min", Builtin.of("case_sensitive? attribute?", (context, self, a) -> extreme(context, self, a, "<")));
        table.put(
                "max", Builtin.of("case_sensitive? attribute?", (context, self, a) -> extreme(context, self, a, ">")));
        table.put(
                "sort",
                Builtin.of("reverse? case_sensitive? attribute?", (context, self, a) -> sort(context, self, a)));
        table.put("unique", Builtin.of("case_sensitive? attribute?", (context, self, a) -> unique(context, self, a)));
        table.put("map", Builtin.open(Selection::map));
        table.put("select", Builtin.open((context, self, a) -> Selection.select(context, self, a, false, true)));
        table.put("reject", Builtin.open((context, self, a) -> Selection.select(context, self, a, false, false)));
        table.put("selectattr", Builtin.open((context, self, a) -> Selection.select(context, self, a, true, true)));
        table.put("rejectattr", Builtin.open((context, self, a) -> Selection.select(context, self, a, true, false)));
        table.put(
                "random",
                Builtin.of(
                        "",
                        (context, self, a) -> Values.length(self) == 0
                                ? new Undefined("No random item, sequence was empty.")
                                : draw(context, self)));
        table.put("choice", Builtin.of("", (context, self, a) -> draw(context, self)));
        table.put("most_frequent", Builtin.of("", (context, self, a) -> mostFrequent(context, self)));
    }

    private static Builtin onText(UnaryOperator<String> change) {
        return Builtin.of("", (context, self, a) -> {
            String text = Printer.str(context, self);
            context.charge(text.length());
            return change.apply(text);
        });
    }

    private static long length(Context context, Object self) {
        if (self instanceof String s) {
            context.chargeScan(s);
        }
        return Values.length(self);
    }

    private static Object orDefault(Object self, Object[] a) {
        boolean replace = self instanceof Undefined || (Values.truth(orElse(a[1], false)) && !Values.truth(self));
        return replace ? orElse(a[0], "") : self;
    }

    private static String join(Context context, Object self, Object[] a) {
        String separator = Printer.str(context, orElse(a[0], ""));
        Object attribute = orElse(a[1], null);
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); first = false) {
            Object item = items.next();
            context.charge(separator.length());
            out.append(first ? "" : separator);
            Printer.str(
                    context,
                    attribute == null ? item : AttributePath.of(attribute).get(context, item),
                    out);
        }
        return out.toString();
    }

    private static String format(Context context, Object self, Arguments arguments) {
        if (arguments.names().isEmpty()) {
            return PercentFormat.apply(context, Printer.str(context, self), new Tuple(arguments.positional()));
        } else if (!arguments.positional().isEmpty()) {
            throw new EvalException("the filter 'format' takes arguments with names or without, not both");
        }
        Dict named = new Dict();
        for (String name : arguments.names()) {
            named.put(name, arguments.named(name));
        }
        return PercentFormat.apply(context, Printer.str(context, self), named);
    }

    private static Object first(Context context, Object self) {
        Iterator<Object> items = Iteration.of(context, self);
        return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Context context, Object self) {
        if (!Values.isSized(self)) {
            throw new EvalException("'" + Values.typeName(self) + "' object is not reversible");
        }
        List<Object> items = Iteration.list(context, self);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.get(items.size() - 1);
    }

    /** Strings compare without their case, unless {@code caseSensitive}. */
    private static Object key(Context context, Object item, Object attribute, boolean caseSensitive) {
        Object key = attribute == null ? item : AttributePath.of(attribute).get(context, item);
        return !caseSensitive && key instanceof String s ? Text.lower(s) : key;
    }

    private static Object extreme(Context context, Object self, Object[] a, String operator) {
        boolean caseSensitive = Values.truth(orElse(a[0], false));
        Object attribute = orElse(a[1], null);
        Object best = new Undefined("No aggregated item, sequence was empty.");
        Object bestKey = Dict.ABSENT;
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
            Object item = items.next();
            Object key = key(context, item, attribute, caseSensitive);
            if (bestKey == Dict.ABSENT || Values.ordered(context, operator, key, bestKey)) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private record Keyed(Object key, Object item) {}

    private static List<Object> sort(Context context, Object self, Object[] a) {
        boolean caseSensitive = Values.truth(orElse(a[1], false));
        Object attribute = orElse(a[2], null);
        List<Object> paths = attribute instanceof String s && s.contains(",")
                ? List.of((Object[]) s.split(",", -1))
                : Collections.singletonList(attribute);
        List<Keyed> keyed = new ArrayList<>();
        for (Object item : Iteration.list(context, self)) {
            List<Object> key = new ArrayList<>(paths.size());
            paths.forEach(path -> key.add(key(context, item, path, caseSensitive)));
            if (key.stream().anyMatch(k -> k instanceof Double d && d.isNaN())) {
                throw new EvalException("sorting nan is not supported");
            }
            keyed.add(new Keyed(key, item));
        }
        boolean reverse = Values.truth(orElse(a[0], false));
        keyed.sort((x, y) -> reverse
                ? Values.compare(context, "<", y.key(), x.key())
                : Values.compare(context, "<", x.key(), y.key()));
        List<Object> sorted = new ArrayList<>(keyed.size());
        keyed.forEach(k -> sorted.add(k.item()));
        return sorted;
    }

    private static OneShot unique(Context context, Object self, Object[] a) {
        boolean caseSensitive = Values.truth(orElse(a[0], false));
        Dict seen = new Dict();
        List<Object> unique = new ArrayList<>();
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
            Object item = items.next();
            Object key = key(context, item, orElse(a[1], null), caseSensitive);
            if (!seen.containsKey(key)) {
                seen.put(key, null);
                unique.add(item);
            }
        }
        return new OneShot(unique.iterator());
    }

    private static Object draw(Context context, Object self) {
        boolean indexed =
                self instanceof String || self instanceof List || self instanceof Tuple || self instanceof Range;
        if (!indexed || Values.length(self) == 0 || Values.length(self) > Integer.MAX_VALUE) {
            throw new EvalException("cannot draw from " + (indexed ? "an empty " : "a ") + Values.typeName(self));
        }
        return Subscript.item(context, self, (long) context.draw((int) Values.length(self)));
    }

    /** All items that are as frequent as the most frequent one, in the order of their first appearance; None of none. */
    private static Object mostFrequent(Context context, Object self) {
        if (!Values.truth(self)) {
            return null;
        }
        if (self instanceof Dict) {
            throw new EvalException("the filter 'most_frequent' takes no dict");
        }
        Dict counts = new Dict();
        long most = 0;
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
            Object item = items.next();
            Object before = counts.get(item);
            long count = before == Dict.ABSENT ? 1 : (Long) before + 1;
            counts.put(item, count);
            most = Math.max(most, count);
        }
        List<Object> found = new ArrayList<>();
        for (Iterator<Dict.Entry> entries = counts.iterator(); entries.hasNext(); ) {
            Dict.Entry entry = entries.next();
            if (entry.value().equals(most)) {
                found.add(entry.key());
            }
        }
        return found;
    }
}
