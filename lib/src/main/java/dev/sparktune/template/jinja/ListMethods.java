package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of Python's list and tuple. */
final class ListMethods {
    static final Set<String> MUTATING =
            Set.of("append", "clear", "pop", "reverse", "insert", "sort", "extend", "remove");

    static final Map<String, Builtin> TUPLE = Map.of(
            "count",
            Builtin.positional("value", (context, self, a) -> count(context, ((Tuple) self).items(), a[0])),
            "index",
            Builtin.positional(
                    "value start? stop?", (context, self, a) -> (long) index(context, ((Tuple) self).items(), a)));

    static final Map<String, Builtin> LIST = Builtin.merged(
            Map.of(
                    "append",
                    Builtin.positional("value", (context, self, a) -> {
                        context.charge(1);
                        items(self).add(a[0]);
                        return null;
                    }),
                    "extend",
                    Builtin.positional("values", (context, self, a) -> {
                        items(self).addAll(Iteration.list(context, a[0]));
                        return null;
                    }),
                    "insert",
                    Builtin.positional("index value", (context, self, a) -> {
                        context.charge(items(self).size());
                        items(self)
                                .add(position(Values.integer(a[0]), items(self).size()), a[1]);
                        return null;
                    }),
                    "pop",
                    Builtin.positional("index?", (context, self, a) -> pop(context, items(self), orElse(a[0], -1L))),
                    "remove",
                    Builtin.positional("value", (context, self, a) -> {
                        items(self)
                                .remove(index(
                                        context,
                                        items(self),
                                        a[0],
                                        0,
                                        items(self).size()));
                        return null;
                    }),
                    "reverse",
                    Builtin.positional("", (context, self, a) -> {
                        context.charge(items(self).size());
                        Collections.reverse(items(self));
                        return null;
                    }),
                    "sort",
                    Builtin.of("key? reverse?", (context, self, a) -> {
                        sort(context, items(self), a);
                        return null;
                    })),
            Map.of(
                    "copy",
                    Builtin.positional("", (context, self, a) -> Iteration.list(context, self)),
                    "clear",
                    Builtin.positional("", (context, self, a) -> {
                        items(self).clear();
                        return null;
                    }),
                    "count",
                    Builtin.positional("value", (context, self, a) -> count(context, items(self), a[0])),
                    "index",
                    Builtin.positional(
                            "value start? stop?", (context, self, a) -> (long) index(context, items(self), a))));

    private ListMethods() {}

    @SuppressWarnings("unchecked") // a list value holds values
    private static List<Object> items(Object self) {
        return (List<Object>) self;
    }

    private static void sort(Context context, List<Object> items, Object[] a) {
        if (orElse(a[0], null) != null) {
            throw new EvalException("sort(key=…) is not supported; use the filter 'sort' with an attribute");
        }
        List<Object> sorted = Sorting.sorted(
                context, Iteration.list(context, items), item -> item, Values.truth(orElse(a[1], false)));
        items.clear();
        items.addAll(sorted);
    }

    private static Object pop(Context context, List<Object> items, Object index) {
        long i = Values.integer(index);
        i = i < 0 ? i + items.size() : i;
        if (items.isEmpty() || i < 0 || i >= items.size()) {
            throw new EvalException(items.isEmpty() ? "pop from empty list" : "pop index out of range");
        }
        context.charge(items.size() - i);
        return items.remove((int) i);
    }

    private static long count(Context context, List<Object> items, Object value) {
        long count = 0;
        for (Object item : items) {
            Values.refuseNan(item);
            count += Values.equal(context, item, value) ? 1 : 0;
        }
        return count;
    }

    private static int index(Context context, List<Object> items, Object[] a) {
        int start = position(Values.integer(orElse(a[1], 0L)), items.size());
        int stop = position(Values.integer(orElse(a[2], (long) items.size())), items.size());
        return index(context, items, a[0], start, stop);
    }

    private static int index(Context context, List<Object> items, Object value, int start, int stop) {
        for (int i = start; i < stop; i++) {
            Values.refuseNan(items.get(i));
            if (Values.equal(context, items.get(i), value)) {
                return i;
            }
        }
        throw new EvalException(shortened(Printer.repr(context, value)) + " is not in list");
    }

    private static String shortened(String text) {
        return text.length() <= 80 ? text : text.substring(0, 80) + "…";
    }

    /** An index that may count from the end, held within [0, length]. */
    private static int position(long index, int length) {
        return (int) Math.max(0, Math.min(index < 0 ? index + length : index, length));
    }
}
