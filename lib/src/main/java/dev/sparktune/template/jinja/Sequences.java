package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** The filters over lists and other things with items, but for {@link Sorting} and {@link Selection}. */
final class Sequences {
    static final Map<String, Builtin> TABLE = table();

    private Sequences() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("length", Builtin.of("", (context, self, a) -> length(context, self)));
        table.put("count", table.get("length"));
        table.put("list", Builtin.of("", (context, self, a) -> Iteration.list(context, self)));
        table.put("first", Builtin.of("", (context, self, a) -> first(context, self)));
        table.put("last", Builtin.of("", (context, self, a) -> last(context, self)));
        table.put("reverse", Builtin.of("", (context, self, a) -> reverse(context, self)));
        table.put("sum", Builtin.of("attribute? start?", (context, self, a) -> sum(context, self, a)));
        table.put("items", Builtin.of("", (context, self, a) -> items(context, self)));
        table.put("batch", Builtin.of("linecount fill_with?", (context, self, a) -> batch(context, self, a)));
        table.put("slice", Builtin.of("slices fill_with?", (context, self, a) -> slice(context, self, a)));
        table.put("random", Builtin.of("", (context, self, a) -> random(context, self)));
        table.put("choice", Builtin.of("", (context, self, a) -> draw(context, self)));
        table.put("most_frequent", Builtin.of("", (context, self, a) -> mostFrequent(context, self)));
        return table;
    }

    private static long length(Context context, Object self) {
        if (self instanceof String s) {
            context.chargeScan(s);
        }
        return Values.length(self);
    }

    private static Object first(Context context, Object self) {
        Iterator<Object> items = Iteration.of(context, self);
        return items.hasNext() ? items.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Object last(Context context, Object self) {
        Iterator<Object> items = reversed(context, self);
        if (items == null) {
            throw new EvalException("'" + Values.typeName(self) + "' object is not reversible");
        }
        return items.hasNext() ? items.next() : new Undefined("No last item, sequence was empty.");
    }

    /** The items from last to first; null if Python cannot walk backwards over such a value. */
    private static Iterator<Object> reversed(Context context, Object self) {
        if (self instanceof OneShot || !Values.isSized(self)) {
            return null;
        }
        List<Object> items = Iteration.list(context, self);
        Collections.reverse(items);
        return items.iterator();
    }

    private static Object reverse(Context context, Object self) {
        if (self instanceof String s) {
            context.charge(s.length());
            return Subscript.slice(context, s, null, null, -1L);
        }
        Iterator<Object> items = reversed(context, self);
        if (items != null) {
            return new OneShot(items);
        }
        List<Object> list = Iteration.list(context, self);
        Collections.reverse(list);
        return list;
    }

    private static Object sum(Context context, Object self, Object[] a) {
        Object attribute = orElse(a[0], null);
        AttributePath path = attribute == null ? null : AttributePath.of(attribute);
        Object sum = orElse(a[1], 0L);
        if (sum instanceof String) {
            throw new EvalException("sum() can't sum strings");
        }
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
            Object item = items.next();
            sum = Arithmetic.add(context, sum, path == null ? item : path.get(context, item));
        }
        return sum;
    }

    private static OneShot items(Context context, Object self) {
        return Iteration.lazily(() -> {
            if (self instanceof Undefined) {
                return () -> Generator.END;
            } else if (!(self instanceof Dict dict)) {
                throw new EvalException("Can only get item pairs from a mapping.");
            } else {
                Iterator<Object> pairs = Iteration.of(context, new DictView(DictView.Kind.ITEMS, dict));
                return () -> pairs.hasNext() ? pairs.next() : Generator.END;
            }
        });
    }

    private static OneShot batch(Context context, Object self, Object[] a) {
        Object fill = orElse(a[1], null);
        long size = Values.integer(a[0]);
        if (size < 1) {
            throw new EvalException("the filter 'batch' needs a size of at least 1, but got " + size);
        }
        return Iteration.lazily(() -> {
            Iterator<Object> items = Iteration.of(context, self);
            return () -> {
                List<Object> batch = new ArrayList<>();
                while (batch.size() < size && items.hasNext()) {
                    batch.add(items.next());
                }
                if (batch.isEmpty()) {
                    return Generator.END;
                }
                if (fill != null) {
                    context.charge(size - batch.size());
                    batch.addAll(Collections.nCopies((int) size - batch.size(), fill));
                }
                return batch;
            };
        });
    }

    private static OneShot slice(Context context, Object self, Object[] a) {
        Object fill = orElse(a[1], null);
        return Iteration.lazily(() -> {
            List<Object> all = Iteration.list(context, self);
            long slices = Values.integer(a[0]);
            if (slices == 0) {
                throw new EvalException("integer division or modulo by zero");
            }
            long each = Math.floorDiv(all.size(), slices);
            long extra = Math.floorMod(all.size(), slices);
            long[] number = {0};
            return () -> {
                long i = number[0]++;
                if (i >= slices) {
                    return Generator.END;
                }
                context.charge(1);
                long start = i * each + Math.min(i, extra);
                List<Object> slice =
                        new ArrayList<>(all.subList((int) start, (int) (start + each + (i < extra ? 1 : 0))));
                if (fill != null && i >= extra) {
                    slice.add(fill);
                }
                return slice;
            };
        });
    }

    private static Object random(Context context, Object self) {
        if (self instanceof Undefined || Values.isSized(self) && Values.length(self) == 0) {
            return new Undefined("No random item, sequence was empty.");
        }
        return draw(context, self);
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
