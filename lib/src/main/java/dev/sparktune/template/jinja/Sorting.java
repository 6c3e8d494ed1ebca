package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The filters that order items: sort, dictsort, groupby, min, max, unique. */
final class Sorting {
    static final Map<String, Builtin> TABLE = Map.of(
            "sort", Builtin.of("reverse? case_sensitive? attribute?", (context, self, a) -> sort(context, self, a)),
            "dictsort", Builtin.of("case_sensitive? by? reverse?", (context, self, a) -> sortDict(context, self, a)),
            "groupby", Builtin.of("attribute default? case_sensitive?", (context, self, a) -> groups(context, self, a)),
            "min", Builtin.of("case_sensitive? attribute?", (context, self, a) -> extreme(context, self, a, "<")),
            "max", Builtin.of("case_sensitive? attribute?", (context, self, a) -> extreme(context, self, a, ">")),
            "unique", Builtin.of("case_sensitive? attribute?", (context, self, a) -> unique(context, self, a)));

    private record Keyed(Object key, Object item) {}

    private Sorting() {}

    /** Stable; equal items keep their order, also in reverse. */
    static List<Object> sorted(Context context, List<Object> items, UnaryOperator<Object> key, boolean reverse) {
        context.charge(8L * items.size());
        List<Keyed> keyed = new ArrayList<>(items.size());
        for (Object item : items) {
            Object itsKey = key.apply(item);
            if (itsKey instanceof Double d && d.isNaN()) {
                throw new EvalException("sorting nan is not supported");
            }
            keyed.add(new Keyed(itsKey, item));
        }
        keyed.sort((x, y) -> reverse
                ? Values.compare(context, "<", y.key(), x.key())
                : Values.compare(context, "<", x.key(), y.key()));
        List<Object> sorted = new ArrayList<>(keyed.size());
        keyed.forEach(k -> sorted.add(k.item()));
        return sorted;
    }

    /** Strings compare without their case, unless {@code caseSensitive}. */
    private static Object folded(Object key, boolean caseSensitive) {
        if (key instanceof Markup) {
            throw new EvalException("ordering Markup is not supported");
        }
        return !caseSensitive && key instanceof String s ? Unicode.lower(s) : key;
    }

    private static UnaryOperator<Object> key(Context context, Object attribute, boolean caseSensitive) {
        if (attribute == null) {
            return item -> folded(item, caseSensitive);
        }
        AttributePath path = AttributePath.of(attribute);
        return item -> folded(path.get(context, item), caseSensitive);
    }

    private static List<Object> sort(Context context, Object self, Object[] a) {
        boolean caseSensitive = Values.truth(orElse(a[1], false));
        Object attribute = orElse(a[2], null);
        List<UnaryOperator<Object>> keys = new ArrayList<>();
        List<?> paths =
                attribute instanceof String s ? List.of(s.split(",", -1)) : Collections.singletonList(attribute);
        paths.forEach(path -> keys.add(key(context, path, caseSensitive)));
        return sorted(
                context,
                Iteration.list(context, self),
                item -> {
                    List<Object> all = new ArrayList<>(keys.size());
                    keys.forEach(one -> all.add(one.apply(item)));
                    return all;
                },
                Values.truth(orElse(a[0], false)));
    }

    private static List<Object> sortDict(Context context, Object self, Object[] a) {
        Object by = orElse(a[1], "key");
        if (!"key".equals(by) && !"value".equals(by)) {
            throw new EvalException("You can only sort by either \"key\" or \"value\"");
        } else if (!(self instanceof Dict dict)) {
            throw self instanceof Undefined undefined
                    ? undefined.error()
                    : new EvalException("the filter 'dictsort' needs a dict, not " + Values.typeName(self));
        } else {
            boolean caseSensitive = Values.truth(orElse(a[0], false));
            int position = "key".equals(by) ? 0 : 1;
            return sorted(
                    context,
                    Iteration.list(context, new DictView(DictView.Kind.ITEMS, dict)),
                    item -> folded(((Tuple) item).items().get(position), caseSensitive),
                    Values.truth(orElse(a[2], false)));
        }
    }

    /** Tuples of a key and the items that have it, in the order of the keys. */
    private static List<Object> groups(Context context, Object self, Object[] a) {
        AttributePath path = AttributePath.of(a[0]);
        Object otherwise = orElse(a[1], null);
        boolean caseSensitive = Values.truth(orElse(a[2], false));
        UnaryOperator<Object> key = item -> folded(path.get(context, item, otherwise), caseSensitive);
        List<Object> groups = new ArrayList<>();
        List<Object> group = new ArrayList<>();
        Object groupKey = Dict.ABSENT;
        for (Object item : sorted(context, Iteration.list(context, self), key, false)) {
            Object itsKey = key.apply(item);
            if (groupKey == Dict.ABSENT || !Values.equal(context, groupKey, itsKey)) {
                group = new ArrayList<>();
                groupKey = itsKey;
                Object shown = caseSensitive ? itsKey : path.get(context, item, otherwise);
                groups.add(Tuple.group(shown, group));
            }
            group.add(item);
        }
        return groups;
    }

    private static Object extreme(Context context, Object self, Object[] a, String operator) {
        UnaryOperator<Object> toKey = key(context, orElse(a[1], null), Values.truth(orElse(a[0], false)));
        Object best = new Undefined("No aggregated item, sequence was empty.");
        Object bestKey = Dict.ABSENT;
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
            Object item = items.next();
            Object key = toKey.apply(item);
            if (bestKey == Dict.ABSENT || Values.ordered(context, operator, key, bestKey)) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static OneShot unique(Context context, Object self, Object[] a) {
        boolean caseSensitive = Values.truth(orElse(a[0], false));
        UnaryOperator<Object> toKey = key(context, orElse(a[1], null), caseSensitive);
        Dict seen = new Dict();
        return Iteration.lazily(() -> {
            Iterator<Object> items = Iteration.of(context, self);
            return () -> {
                while (items.hasNext()) {
                    Object item = items.next();
                    Object key = toKey.apply(item);
                    if (!seen.containsKey(key)) {
                        seen.put(key, null);
                        return item;
                    }
                }
                return Generator.END;
            };
        });
    }
}
