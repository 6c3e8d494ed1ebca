package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Jinja's {@code x.name} and {@code x[key]}, and Python's slices. What is not there is undefined. */
final class Subscript {
    private static final long HUGE = 1L << 40;

    private Subscript() {}

    /** {@code value.name}: an attribute if Python's type has one of this name, else the key of a dict. */
    static Object attribute(Object value, String name) {
        if (value instanceof Dict dict && !Methods.isPythonMethod(value, name)) {
            refuseHidden(value, name);
            Object item = dict.get(name);
            return item != Dict.ABSENT ? item : missing(value, name);
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Namespace namespace) {
            return namespace.attributes().containsKey(name)
                    ? namespace.attributes().get(name)
                    : missing(value, name);
        }
        Object attribute = pythonAttribute(value, name);
        return attribute != Dict.ABSENT ? attribute : missing(value, name);
    }

    /** A method or other attribute of the value's Python type, or ABSENT. */
    private static Object pythonAttribute(Object value, String name) {
        refuseHidden(value, name);
        if (value instanceof Loop loop) {
            return loop.attribute(name);
        } else if (value instanceof Cycler cycler && name.equals("current")) {
            return cycler.current();
        } else if (value instanceof Tuple tuple && tuple.grouped() && name.equals("grouper")) {
            return tuple.items().get(0);
        } else if (value instanceof Tuple tuple && tuple.grouped() && name.equals("list")) {
            return tuple.items().get(1);
        } else if (value instanceof Markup
                || value instanceof Invocable
                || value instanceof Cycler && !isMethod(name)) {
            throw new EvalException("'" + name + "' of a " + Values.typeName(value) + " is not supported");
        } else if (value instanceof Cycler || Methods.isPythonMethod(value, name)) {
            return new BoundMethod(value, name);
        }
        return Methods.attribute(value, name);
    }

    private static boolean isMethod(String name) {
        return Cycler.METHODS.containsKey(name);
    }

    /** {@code value[key]}: the item, else for a text key the attribute. */
    static Object item(Context context, Object value, Object key) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Markup || key instanceof Markup) {
            throw new EvalException("an item of Markup, or one named by Markup, is not supported");
        } else if (value instanceof Dict dict) {
            Object item = isHashable(key) ? dict.get(key) : Dict.ABSENT;
            if (item != Dict.ABSENT) {
                return item;
            }
        } else if (Values.isInteger(key)) {
            Object item = key instanceof BigInteger ? Dict.ABSENT : at(context, value, Values.integer(key));
            if (item != Dict.ABSENT) {
                return item;
            }
        } else if (key instanceof String name && value instanceof Namespace) {
            return attribute(value, name);
        }
        if (key instanceof String name) {
            Object attribute = pythonAttribute(value, name);
            if (attribute != Dict.ABSENT) {
                return attribute;
            }
        }
        return missing(value, key);
    }

    private static boolean isHashable(Object key) {
        return !(key instanceof List
                || key instanceof Dict
                || key instanceof Tuple tuple && tuple.items().stream().anyMatch(item -> !isHashable(item)));
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

    /** What Python keeps to itself, a template does not get. */
    private static void refuseHidden(Object value, String name) {
        if (name.startsWith("__")) {
            throw new EvalException("'" + name + "' of a " + Values.typeName(value) + " is not supported");
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
        long by = step == null ? 1 : bound(step, 1);
        if (by == 0) {
            throw new EvalException("slice step cannot be zero");
        }
        long length = Values.length(value);
        long from = start == null ? (by > 0 ? 0 : length - 1) : clamp(bound(start, length), length, by);
        long to = stop == null ? (by > 0 ? length : -1) : clamp(bound(stop, length), length, by);
        long count =
                by > 0 ? (to <= from ? 0 : (to - from - 1) / by + 1) : (to >= from ? 0 : (from - to - 1) / -by + 1);
        context.charge(count);
        if (value instanceof Range range) {
            if (Math.abs(by) >= HUGE) {
                throw new EvalException("a range cannot be sliced with a step of " + HUGE + " or more");
            }
            return new Range(range.get(from), range.get(to), Math.multiplyExact(range.step(), by));
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

    /** A huge number is as good as one a little beyond the ends. */
    private static long bound(Object bound, long length) {
        if (bound instanceof Undefined undefined) {
            throw undefined.error();
        } else if (!Values.isInteger(bound)) {
            throw new EvalException("slice indices must be integers or None, not " + Values.typeName(bound));
        }
        long most = HUGE + length;
        if (bound instanceof BigInteger big) {
            return big.signum() * most;
        }
        return Math.max(-most, Math.min(most, Values.integer(bound)));
    }

    private static long clamp(long index, long length, long step) {
        long i = index < 0 ? index + length : index;
        return step > 0 ? Math.max(0, Math.min(i, length)) : Math.max(-1, Math.min(i, length - 1));
    }
}
