package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collections;
import java.util.List;

/** Python's {@code format % values} with the conversions s, r, d, i, u, f and F; others are errors. */
final class PercentFormat {
    private final Context context;
    private final String format;
    private final Object values;
    private final List<Object> positional;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int used;

    private PercentFormat(Context context, String format, Object values) {
        this.context = context;
        this.format = format;
        this.values = values;
        this.positional = values instanceof Tuple tuple ? tuple.items() : Collections.singletonList(values);
    }

    static String apply(Context context, String format, Object values) {
        return new PercentFormat(context, format, values).run();
    }

    private String run() {
        boolean byName = false;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            if (at < format.length() && format.charAt(at) == '%') {
                at++;
                out.append('%');
                continue;
            }
            byName |= at < format.length() && format.charAt(at) == '(';
            convert();
        }
        boolean mapping = values instanceof Dict
                || values instanceof List
                || values instanceof Range
                || values instanceof Undefined;
        if (!byName && !mapping && used < positional.size()) {
            throw new EvalException("not all arguments converted during string formatting");
        }
        context.charge(out.length());
        return out.toString();
    }

    private void convert() {
        Object named = null;
        boolean byName = format.charAt(Math.min(at, format.length() - 1)) == '(' && at < format.length();
        if (byName) {
            named = named();
        }
        String flags = take("-+ 0#");
        int width = number();
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = number();
        }
        if (at >= format.length()) {
            throw new EvalException("incomplete format: '" + format + "'");
        }
        char conversion = format.charAt(at++);
        Object value = byName ? named : next();
        String text =
                switch (conversion) {
                    case 's', 'r' -> text(conversion, value, precision);
                    case 'd', 'i', 'u' -> signed(whole(value, conversion), precision, flags);
                    case 'f', 'F' -> signed(fixed(value, precision < 0 ? 6 : precision), 0, flags);
                    default ->
                        throw new EvalException(
                                "the format %" + conversion + " is not supported; known are s r d i u f F");
                };
        pad(text, width, flags, conversion == 's' || conversion == 'r');
    }

    private Object named() {
        int close = format.indexOf(')', at);
        if (close < 0) {
            throw new EvalException("incomplete format key: '" + format + "'");
        } else if (!(values instanceof Dict)) {
            throw new EvalException("format requires a mapping");
        }
        String key = format.substring(at + 1, close);
        Object value = ((Dict) values).get(key);
        if (value == Dict.ABSENT) {
            throw new EvalException("the format names '" + key + "', which is not there");
        }
        at = close + 1;
        return value;
    }

    private Object next() {
        if (used >= positional.size()) {
            throw new EvalException("not enough arguments for format string");
        }
        return positional.get(used++);
    }

    private String take(String characters) {
        int start = at;
        while (at < format.length() && characters.indexOf(format.charAt(at)) >= 0) {
            at++;
        }
        return format.substring(start, at);
    }

    private int number() {
        String digits = take("0123456789");
        if (digits.length() > 6) {
            throw new EvalException("a width or precision of " + digits + " is too large");
        }
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }

    private String text(char conversion, Object value, int precision) {
        String text;
        if (conversion == 's') {
            text = Printer.str(context, value);
        } else {
            StringBuilder repr = new StringBuilder();
            Printer.repr(context, value, repr);
            text = repr.toString();
        }
        return precision >= 0 && precision < Text.length(text) ? text.substring(0, Text.offset(text, precision)) : text;
    }

    private String whole(Object value, char conversion) {
        if (value instanceof Double d) {
            if (Double.isNaN(d) || Math.abs(d) >= 0x1p63) {
                throw new EvalException("cannot convert float " + Printer.number(d) + " to integer");
            }
            return Long.toString(d.longValue());
        } else if (!Values.isInteger(value)) {
            throw new EvalException(
                    "%" + conversion + " format: a real number is required, not " + Values.typeName(value));
        }
        return Long.toString(Values.integer(value));
    }

    private static String fixed(Object value, int precision) {
        if (!Values.isNumber(value)) {
            throw new EvalException("must be real number, not " + Values.typeName(value));
        }
        double d = Values.real(value);
        if (!Double.isFinite(d)) {
            throw new EvalException("the format %f of " + Printer.number(d) + " is not supported");
        }
        String text =
                new BigDecimal(d).setScale(precision, RoundingMode.HALF_EVEN).toPlainString();
        boolean negative = d < 0 || 1 / d < 0;
        return negative && !text.startsWith("-") ? "-" + text : text;
    }

    /** At least {@code minDigits} digits, and the sign that the flags ask for. */
    private static String signed(String number, int minDigits, String flags) {
        boolean negative = number.startsWith("-");
        String digits = negative ? number.substring(1) : number;
        String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        return sign + "0".repeat(Math.max(0, minDigits - digits.length())) + digits;
    }

    private void pad(String text, int width, String flags, boolean isText) {
        int missing = width - Text.length(text);
        context.charge(Math.max(0, missing));
        if (missing <= 0) {
            out.append(text);
        } else if (flags.contains("-")) {
            out.append(text).append(" ".repeat(missing));
        } else if (flags.contains("0") && !isText) {
            int sign = Character.isDigit(text.charAt(0)) ? 0 : 1;
            out.append(text, 0, sign).append("0".repeat(missing)).append(text, sign, text.length());
        } else {
            out.append(" ".repeat(missing)).append(text);
        }
    }
}
