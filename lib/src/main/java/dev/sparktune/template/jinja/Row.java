package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The variables of a render, from Java values: null, strings, booleans, integers, floats, and collections, object arrays and maps
 * of them. A value is converted when a template first asks for it, so that columns no template names cost nothing and may
 * be of any type. What a template does to a list or dict stays in this object and is seen by the next template rendered
 * over it; the caller's values are never changed.
 */
public final class Row {
    private static final int MAX_DEPTH = 100;
    private static final Object MISSING = new Object();

    private final Map<String, ?> values;
    private final UnaryOperator<String> onText;
    private final Map<String, Object> converted = new HashMap<>();

    /** @param onText applied to every string on its way in, however deep in lists and maps; not to the keys of maps */
    public Row(Map<String, ?> values, UnaryOperator<String> onText) {
        this.values = values;
        this.onText = onText;
    }

    public Row(Map<String, ?> values) {
        this(values, UnaryOperator.identity());
    }

    /** Sets a variable; the value goes in as it is, past {@code onText}. */
    public void put(String name, List<String> texts) {
        converted.put(name, texts == null ? null : new ArrayList<Object>(texts));
    }

    Object get(String name, Object otherwise) {
        Object known = converted.getOrDefault(name, MISSING);
        if (known != MISSING) {
            return known;
        }
        Object value = values.get(name);
        if (value == null && !values.containsKey(name)) {
            return otherwise;
        }
        Object python = convert(name, value, 0);
        converted.put(name, python);
        return python;
    }

    private Object convert(String name, Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new EvalException("column '" + name + "' is nested more than " + MAX_DEPTH + " deep");
        }
        if (value == null || value instanceof Boolean || value instanceof Long || value instanceof Double) {
            return value;
        } else if (value instanceof CharSequence text) {
            return onText.apply(text.toString());
        } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        } else if (value instanceof Float f) {
            return f.doubleValue();
        } else if (value instanceof BigInteger big) {
            return Whole.of(big);
        } else if (value instanceof Map<?, ?> map) {
            Dict dict = new Dict();
            map.forEach((key, item) -> dict.put(
                    key instanceof CharSequence text ? text.toString() : convert(name, key, depth + 1),
                    convert(name, item, depth + 1)));
            return dict;
        } else if (value instanceof Collection<?> items) {
            List<Object> list = new ArrayList<>(items.size());
            items.forEach(item -> list.add(convert(name, item, depth + 1)));
            return list;
        } else if (value instanceof Object[] items) {
            return convert(name, Arrays.asList(items), depth);
        }
        throw new EvalException("column '" + name + "' is a " + value.getClass().getName()
                + "; templates take strings, booleans, integers, floats, lists and maps");
    }
}
