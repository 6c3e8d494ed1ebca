package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;

/** Python's {@code str()} and {@code repr()}. */
final class Printer {
    /** Beside a power of two, the nearer neighbour of as few digits may read back as another float, and the other not. */
    private static final RoundingMode[] NEAREST_FIRST = {RoundingMode.HALF_EVEN, RoundingMode.UP, RoundingMode.DOWN};

    /** What it costs to find a float's shortest text. */
    static final long FLOAT_STEPS = 32;

    private Printer() {}

    static String str(Context context, Object value) {
        if (value instanceof String s) {
            return s;
        } else if (value instanceof Long n) {
            return Long.toString(n);
        } else if (value instanceof Markup markup) {
            return markup.text();
        }
        StringBuilder out = new StringBuilder();
        str(context, value, out);
        return out.toString();
    }

    static void str(Context context, Object value, StringBuilder out) {
        if (value instanceof String s) {
            context.charge(s.length());
            out.append(s);
        } else if (value instanceof Markup markup) {
            context.charge(markup.text().length());
            out.append(markup.text());
        } else if (!(value instanceof Undefined)) {
            repr(context, value, out);
        }
    }

    static String repr(Context context, Object value) {
        StringBuilder out = new StringBuilder();
        repr(context, value, out);
        return out.toString();
    }

    static void repr(Context context, Object value, StringBuilder out) {
        context.charge(4);
        if (value instanceof String s) {
            quote(context, s, out);
        } else if (value == null) {
            out.append("None");
        } else if (value instanceof Long n) {
            out.append(n.longValue());
        } else if (value instanceof BigInteger n) {
            context.charge(n.bitLength());
            out.append(Whole.text(n));
        } else if (value instanceof Double d) {
            context.charge(FLOAT_STEPS);
            out.append(number(d));
        } else if (value instanceof Boolean b) {
            out.append(b ? "True" : "False");
        } else if (value instanceof List<?> list) {
            items(context, list, "[", "]", out);
        } else if (value instanceof Tuple tuple) {
            items(context, tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")", out);
        } else if (value instanceof Dict dict) {
            dict(context, dict, out);
        } else if (value instanceof Range range) {
            out.append("range(").append(range.start()).append(", ").append(range.stop());
            out.append(range.step() == 1 ? "" : ", " + range.step()).append(')');
        } else if (value instanceof DictView view) {
            out.append(view.kind().typeName).append('(');
            items(context, Iteration.list(context, view), "[", "]", out);
            out.append(')');
        } else if (value instanceof Undefined) {
            out.append("Undefined");
        } else if (value instanceof Markup markup) {
            out.append("Markup(");
            quote(context, markup.text(), out);
            out.append(')');
        } else {
            throw new EvalException("a " + Values.typeName(value) + " object has no text worth printing");
        }
    }

    private static void items(Context context, List<?> items, String open, String close, StringBuilder out) {
        context.deeper();
        out.append(open);
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            repr(context, items.get(i), out);
        }
        out.append(close);
        context.shallower();
    }

    private static void dict(Context context, Dict dict, StringBuilder out) {
        context.deeper();
        out.append('{');
        String comma = "";
        for (Iterator<Dict.Entry> entries = dict.iterator(); entries.hasNext(); ) {
            Dict.Entry entry = entries.next();
            out.append(comma);
            repr(context, entry.key(), out);
            out.append(": ");
            repr(context, entry.value(), out);
            comma = ", ";
        }
        out.append('}');
        context.shallower();
    }

    /** In single quotes, unless the text has those and no double ones; what does not print is escaped. */
    private static void quote(Context context, String s, StringBuilder out) {
        context.charge(s.length());
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            if (c == quote || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c >= ' ' && c < 0x7f) {
                out.append((char) c);
            } else if (c == '\n') {
                out.append("\\n");
            } else if (c == '\r') {
                out.append("\\r");
            } else if (c == '\t') {
                out.append("\\t");
            } else if (Unicode.isPrintable(c)) {
                out.appendCodePoint(c);
            } else if (c <= 0xff) {
                out.append(String.format("\\x%02x", c));
            } else {
                out.append(String.format(c <= 0xffff ? "\\u%04x" : "\\U%08x", c));
            }
        }
        out.append(quote);
    }

    /** The shortest decimal that reads back as the same float, written as Python writes it: 1.0, 1e-05, 1e+16. */
    static String number(double d) {
        if (Double.isNaN(d)) {
            return "nan";
        } else if (Double.isInfinite(d)) {
            return d > 0 ? "inf" : "-inf";
        } else if (d == 0) {
            return 1 / d > 0 ? "0.0" : "-0.0";
        } else if (d == (long) d && Math.abs(d) < 1e15) {
            return (long) d + ".0";
        }
        BigDecimal shortest = shortest(d).stripTrailingZeros();
        String digits = shortest.unscaledValue().abs().toString();
        int point = digits.length() - shortest.scale();
        String sign = d < 0 ? "-" : "";
        if (point > 16 || point <= -4) {
            String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
            int exponent = point - 1;
            return sign
                    + mantissa
                    + (exponent < 0 ? "e-" : "e+")
                    + (Math.abs(exponent) < 10 ? "0" : "")
                    + Math.abs(exponent);
        } else if (point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        } else if (point >= digits.length()) {
            return sign + digits + "0".repeat(point - digits.length()) + ".0";
        }
        return sign + digits.substring(0, point) + "." + digits.substring(point);
    }

    /**
     * 17 significant digits always read back; 15 always survive the way to a normal float and back, so the shortest text has
     * at most 15 digits (once zeros are stripped), or 16, or 17. Double.toString of JDK 17 is not always the shortest.
     */
    private static BigDecimal shortest(double d) {
        BigDecimal exact = new BigDecimal(d);
        for (int precision = Math.abs(d) < Double.MIN_NORMAL ? 1 : 15; precision < 17; precision++) {
            for (RoundingMode mode : NEAREST_FIRST) {
                BigDecimal rounded = exact.round(new MathContext(precision, mode));
                if (rounded.doubleValue() == d) {
                    return rounded;
                }
            }
        }
        return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
    }
}
