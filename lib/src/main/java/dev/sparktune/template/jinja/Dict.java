package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's dict: keys in the order of their first setting; 1, 1.0 and True are one key. */
final class Dict {
    /** What {@link #get} and {@link #remove} answer for a key that is not there; None is a value. */
    static final Object ABSENT = new Object();

    private static final Object NONE = new Object();

    /** Of a tuple that is a key: it is copied each time it is looked for. */
    private static final int MOST_ITEMS = 1000;

    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    record Entry(Object key, Object value) {}

    private record TupleKey(List<Object> items) {}

    int size() {
        return entries.size();
    }

    Object get(Object key) {
        Entry entry = entries.get(hashable(key));
        return entry == null ? ABSENT : entry.value();
    }

    boolean containsKey(Object key) {
        return entries.containsKey(hashable(key));
    }

    /** The first spelling of a key stays, as in Python. */
    void put(Object key, Object value) {
        Object hashable = hashable(key);
        Entry before = entries.get(hashable);
        entries.put(hashable, new Entry(before == null ? key : before.key(), value));
    }

    void putAll(Dict other) {
        for (Entry entry : other.entries.values()) {
            put(entry.key(), entry.value());
        }
    }

    Object remove(Object key) {
        Entry entry = entries.remove(hashable(key));
        return entry == null ? ABSENT : entry.value();
    }

    void clear() {
        entries.clear();
    }

    /** Live: adding or removing keys while walking is an error, as in Python. */
    Iterator<Entry> iterator() {
        return entries.values().iterator();
    }

    /**
     * A key that is equal to another in Java if Python says the two values are equal.
     *
     * @throws EvalException for values that Python cannot hash
     */
    static Object hashable(Object value) {
        return value instanceof Tuple tuple ? hashable(tuple, new int[] {MOST_ITEMS}) : simple(value);
    }

    /** @param left how many more items may be looked at */
    private static TupleKey hashable(Tuple tuple, int[] left) {
        left[0] -= tuple.items().size() + 1;
        if (left[0] < 0) {
            throw new EvalException("a tuple of more than " + MOST_ITEMS + " items as a key is not supported");
        }
        List<Object> items = new ArrayList<>(tuple.items().size());
        for (Object item : tuple.items()) {
            items.add(item instanceof Tuple inner ? hashable(inner, left) : simple(item));
        }
        return new TupleKey(items);
    }

    private static Object simple(Object value) {
        if (value == null) {
            return NONE;
        }
        if (value instanceof String
                || value instanceof Long
                || value instanceof BigInteger
                || value instanceof Undefined
                || value instanceof Invocable) {
            return value;
        }
        if (value instanceof Boolean b) {
            return b ? 1L : 0L;
        }
        if (value instanceof Double d) {
            if (d.isNaN()) {
                throw new EvalException("nan as a key is not supported");
            }
            return Double.isFinite(d) && d == Math.rint(d) ? Numbers.whole(d) : d;
        }
        if (value instanceof Markup markup) {
            return markup.text();
        }
        throw new EvalException("unhashable type: '" + Values.typeName(value) + "'");
    }
}
