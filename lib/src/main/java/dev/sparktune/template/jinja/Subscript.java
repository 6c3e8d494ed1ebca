package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Jinja's {@code x.name} and {@code x[key]}, and Python's slices. What is not there is undefined. */
final class Subscript {
    private Subscript() {}

    /** {@code value.name}: an attribute if Python's type has one of this name, else the key of a dict. */
    static Object attribute(Object value, String name) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Loop loop) {
            return loop.attribute(name);
        } else if (value instanceof Namespace namespace) {
            return namespace.attributes().containsKey(name)
                    ? namespace.attributes().get(name)
                    : missing(value, name);
        }
        refuseMethod(value, name);
        if (value instanceof Dict dict) {
            Object item = dict.get(name);
            if (item != Dict.ABSENT) {
                return item;
            }
        }
        return missing(value, name);
    }

    /** {@code value[key]}: the item, else for a text key the attribute. */
    static Object item(Context context, Object value, Object key) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Dict dict) {
            Object item = isHashable(key) ? dict.get(key) : Dict.ABSENT;
            if (item != Dict.ABSENT) {
                return item;
            }
        } else if (Values.isInteger(key)) {
            Object item = at(context, value, Values.integer(key));
            if (item != Dict.ABSENT) {
                return item;
            }
        } else if (key instanceof String name && (value instanceof Loop || value instanceof Namespace)) {
            return attribute(value, name);
        }
        if (key instanceof String name) {
            refuseMethod(value, name);
        }
        return missing(value, key);
    }

    private static boolean isHashable(Object key) {
        return !(key instanceof List || key instanceof Dict);
    }

    /** The item of a sequence at an index that may count from the end, or ABSENT. */
    private static Object at(Context context, Object value, long index) {
        boolean sequence =
                value instanceof String || value instanceof List || value instanceof Tuple || value instanceof Range;
        if (!sequence) {
            return Dict.ABSENT;
        }
        long length = Values.length(value);
        long i = index < 0 ? index + length : index;
        if (i < 0 || i >= length) {
            return Dict.ABSENT;
        } else if (value instanceof String s) {
            context.chargeScan(s);
            return Character.toString(s.codePointAt(Text.offset(s, (int) i)));
        } else if (value instanceof Range range) {
            return range.get(i);
        }
        return (value instanceof Tuple tuple ? tuple.items() : (List<?>) value).get((int) i);
    }

    private static Undefined missing(Object value, Object key) {
        String type = Values.typeName(value);
        return new Undefined(
                key instanceof String name
                        ? "'" + type + "' object has no attribute '" + name + "'"
                        : "'" + type + "' object has no element of this index");
    }

    /** Python would give the method itself, whose text is an address. */
    private static void refuseMethod(Object value, String name) {
        if (name.startsWith("__") || Methods.isPythonAttribute(value, name)) {
            throw new EvalException("'" + name + "' of a " + Values.typeName(value)
                    + " is a method or attribute of Python that is not supported here, or not called");
        }
    }

    /** {@code value[start:stop:step]}; each bound may be None. */
    static Object slice(Context context, Object value, Object start, Object stop, Object step) {
        boolean sequence =
                value instanceof String || value instanceof List || value instanceof Tuple || value instanceof Range;
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (!sequence) {
            throw new EvalException("a " + Values.typeName(value) + " cannot be sliced");
        }
        long by = step == null ? 1 : bound(step);
        if (by == 0) {
            throw new EvalException("slice step cannot be zero");
        }
        long length = Values.length(value);
        long from = start == null ? (by > 0 ? 0 : length - 1) : clamp(bound(start), length, by);
        long to = stop == null ? (by > 0 ? length : -1) : clamp(bound(stop), length, by);
        long count =
                by > 0 ? (to <= from ? 0 : (to - from - 1) / by + 1) : (to >= from ? 0 : (from - to - 1) / -by + 1);
        context.charge(count);
        if (value instanceof Range range) {
            return new Range(range.get(from), range.get(to), range.step() * by);
        } else if (value instanceof String s) {
            context.chargeScan(s);
            return text(s, (int) from, (int) count, by);
        }
        List<?> items = value instanceof Tuple tuple ? tuple.items() : (List<?>) value;
        List<Object> slice = new ArrayList<>((int) count);
        for (long i = 0; i < count; i++) {
            slice.add(items.get((int) (from + i * by)));
        }
        return value instanceof Tuple ? new Tuple(Collections.unmodifiableList(slice)) : slice;
    }

    private static String text(String s, int from, int count, long by) {
        if (count == 0) {
            return "";
        } else if (by == 1) {
            int begin = Text.offset(s, from);
            return s.substring(begin, s.offsetByCodePoints(begin, count));
        }
        int[] codePoints = s.codePoints().toArray();
        StringBuilder slice = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            slice.appendCodePoint(codePoints[(int) (from + i * by)]);
        }
        return slice.toString();
    }

    private static long bound(Object bound) {
        if (!Values.isInteger(bound)) {
            throw new EvalException("slice indices must be integers or None, not " + Values.typeName(bound));
        }
        return Values.integer(bound);
    }

    private static long clamp(long index, long length, long step) {
        long i = index < 0 ? index + length : index;
        return step > 0 ? Math.max(0, Math.min(i, length)) : Math.max(-1, Math.min(i, length - 1));
    }
}
