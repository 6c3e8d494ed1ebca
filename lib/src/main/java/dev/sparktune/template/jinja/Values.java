package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;

/** Type names, truth, length, equality and order of values, as Python has them. */
final class Values {
    private static final long EXACT = 1L << 53;

    private Values() {}

    static String typeName(Object value) {
        if (value == null) {
            return "NoneType";
        } else if (value instanceof String) {
            return "str";
        } else if (value instanceof Long || value instanceof BigInteger) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof List) {
            return "list";
        } else if (value instanceof Tuple) {
            return "tuple";
        } else if (value instanceof Dict) {
            return "dict";
        } else if (value instanceof Range) {
            return "range";
        } else if (value instanceof DictView view) {
            return view.kind().typeName;
        } else if (value instanceof OneShot) {
            return "generator";
        } else if (value instanceof Namespace) {
            return "Namespace";
        } else if (value instanceof Undefined) {
            return "Undefined";
        } else if (value instanceof Invocable invocable) {
            return invocable.typeName();
        } else if (value instanceof Markup) {
            return "Markup";
        } else if (value instanceof Cycler) {
            return "Cycler";
        }
        throw new IllegalStateException("not a template value: " + value.getClass());
    }

    static boolean truth(Object value) {
        if (value instanceof Boolean b) {
            return b;
        } else if (value instanceof String s) {
            return !s.isEmpty();
        } else if (value == null || value instanceof Undefined) {
            return false;
        } else if (value instanceof Long n) {
            return n != 0;
        } else if (value instanceof Double d) {
            return d != 0;
        } else if (value instanceof Markup markup) {
            return !markup.text().isEmpty();
        } else if (isSized(value)) {
            return length(value) != 0;
        }
        return true;
    }

    static boolean isSized(Object value) {
        return value instanceof String
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Dict
                || value instanceof Range
                || value instanceof DictView
                || value instanceof Undefined;
    }

    /** Python's len(): characters of a str are code points. */
    static long length(Object value) {
        if (value instanceof String s) {
            return Text.length(s);
        } else if (value instanceof List<?> list) {
            return list.size();
        } else if (value instanceof Tuple tuple) {
            return tuple.items().size();
        } else if (value instanceof Dict dict) {
            return dict.size();
        } else if (value instanceof Range range) {
            return range.length();
        } else if (value instanceof DictView view) {
            return view.dict().size();
        } else if (value instanceof Undefined) {
            return 0;
        } else if (value instanceof Markup markup) {
            return Text.length(markup.text());
        } else if (value instanceof Loop loop) {
            return loop.length();
        }
        throw new EvalException("object of type '" + typeName(value) + "' has no len()");
    }

    static boolean isNumber(Object value) {
        return value instanceof Double || isInteger(value);
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof Boolean || value instanceof BigInteger;
    }

    /**
     * The value of an int or bool.
     *
     * @throws EvalException if it is neither, or needs more than 64 bits
     */
    static long integer(Object value) {
        if (value instanceof Long n) {
            return n;
        } else if (value instanceof Boolean b) {
            return b ? 1 : 0;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof BigInteger) {
            throw new EvalException("the whole number does not fit into 64 bits");
        }
        throw new EvalException("'" + typeName(value) + "' object cannot be interpreted as an integer");
    }

    /** The value of a number as a float. */
    static double real(Object value) {
        if (value instanceof Double d) {
            return d;
        }
        return value instanceof BigInteger big ? Whole.real(big) : (double) integer(value);
    }

    static boolean equal(Context context, Object a, Object b) {
        context.charge(1);
        if (a instanceof String s) {
            context.chargeScan(s);
        }
        if (a == b) {
            return !(a instanceof Double d && d.isNaN());
        } else if (isText(a) || isText(b)) {
            return isText(a) && isText(b) && text(a).equals(text(b));
        } else if (isNumber(a)) {
            return isNumber(b) && !isNan(a) && !isNan(b) && compareNumbers(a, b) == 0;
        } else if (a == null || b == null) {
            return false;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return equalItems(context, x, y);
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            return equalItems(context, x.items(), y.items());
        } else if (a instanceof Dict x && b instanceof Dict y) {
            return equalDicts(context, x, y);
        } else if (a instanceof Range x && b instanceof Range y) {
            return x.length() == y.length()
                    && (x.length() == 0 || x.start() == y.start())
                    && (x.length() <= 1 || x.step() == y.step());
        } else if (a instanceof Undefined) {
            return b instanceof Undefined;
        } else if (a instanceof DictView || b instanceof DictView) {
            throw new EvalException("comparing " + typeName(a) + " with " + typeName(b) + " is not supported");
        }
        return false;
    }

    /** Python compares the members of a list by identity first, so that a nan may equal itself there. */
    static void refuseNan(Object member) {
        if (isNan(member)) {
            throw new EvalException("comparing nan in a list or dict is not supported");
        }
    }

    private static boolean isText(Object value) {
        return value instanceof String || value instanceof Markup;
    }

    private static String text(Object text) {
        return text instanceof Markup markup ? markup.text() : (String) text;
    }

    private static boolean isNan(Object value) {
        return value instanceof Double d && d.isNaN();
    }

    private static boolean equalItems(Context context, List<?> x, List<?> y) {
        if (x.size() != y.size()) {
            return false;
        }
        context.deeper();
        for (int i = 0; i < x.size(); i++) {
            refuseNan(x.get(i));
            if (!equal(context, x.get(i), y.get(i))) {
                context.shallower();
                return false;
            }
        }
        context.shallower();
        return true;
    }

    private static boolean equalDicts(Context context, Dict x, Dict y) {
        if (x.size() != y.size()) {
            return false;
        }
        context.deeper();
        boolean equal = true;
        for (Iterator<Dict.Entry> entries = x.iterator(); equal && entries.hasNext(); ) {
            Dict.Entry entry = entries.next();
            Object other = y.get(entry.key());
            refuseNan(entry.value());
            equal = other != Dict.ABSENT && equal(context, entry.value(), other);
        }
        context.shallower();
        return equal;
    }

    /** Whether {@code a operator b} for one of {@code < <= > >=}, where Python orders the two. */
    static boolean ordered(Context context, String operator, Object a, Object b) {
        if (isNumber(a) && isNumber(b)) {
            return !isNan(a) && !isNan(b) && holds(operator, compareNumbers(a, b));
        }
        return holds(operator, compare(context, operator, a, b));
    }

    private static boolean holds(String operator, int order) {
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    /**
     * Negative, 0 or positive.
     *
     * @throws EvalException where Python has no order between the two
     */
    static int compare(Context context, String operator, Object a, Object b) {
        context.charge(1);
        if (isNumber(a) && isNumber(b)) {
            return compareNumbers(a, b);
        } else if (a instanceof String x && b instanceof String y) {
            context.chargeScan(x);
            return Text.compare(x, y);
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return compareItems(context, operator, x, y);
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            return compareItems(context, operator, x.items(), y.items());
        } else if (a instanceof Undefined undefined) {
            throw undefined.error();
        } else if (b instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new EvalException("'" + operator + "' not supported between instances of '" + typeName(a) + "' and '"
                + typeName(b) + "'");
    }

    private static int compareItems(Context context, String operator, List<?> x, List<?> y) {
        context.deeper();
        int order = Integer.compare(x.size(), y.size());
        for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
            refuseNan(x.get(i));
            refuseNan(y.get(i));
            if (!equal(context, x.get(i), y.get(i))) {
                order = compare(context, operator, x.get(i), y.get(i));
                break;
            }
        }
        context.shallower();
        return order;
    }

    /** Exact between int and float; NaN is equal to nothing (any answer but 0). */
    private static int compareNumbers(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        } else if (a instanceof Double || b instanceof Double) {
            boolean exact = isExact(a) && isExact(b);
            double x = exact || a instanceof Double ? real(a) : 0;
            double y = exact || b instanceof Double ? real(b) : 0;
            if (exact || !Double.isFinite(x) || !Double.isFinite(y)) {
                return x == y ? 0 : x < y ? -1 : 1;
            }
            return decimal(a).compareTo(decimal(b));
        }
        return Whole.big(a).compareTo(Whole.big(b));
    }

    /** Whether the number is a float, or becomes the same number as a float. */
    private static boolean isExact(Object number) {
        return number instanceof Double || !(number instanceof BigInteger) && Math.abs(integer(number)) <= EXACT;
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof Double d ? new BigDecimal(d) : new BigDecimal(Whole.big(number));
    }
}
