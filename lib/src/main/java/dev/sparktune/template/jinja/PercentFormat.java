package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Python's {@code format % values}; the conversion {@code a} and what needs more than a width of 6 digits are errors. */
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
        if (values instanceof Undefined || values instanceof Markup) {
            // Python asks such objects for an item by name in one case and prints them in the other.
            throw new EvalException("formatting with % and a value of type " + Values.typeName(values)
                    + " is not supported; take a tuple");
        }
        boolean byName = false;
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c != '%') {
                out.append(c);
                continue;
            }
            byName |= at < format.length() && format.charAt(at) == '(';
            convert();
        }
        boolean mapping = values instanceof Dict || values instanceof List || values instanceof Range;
        if (!byName && !mapping && used < positional.size()) {
            throw new EvalException("not all arguments converted during string formatting");
        }
        context.charge(out.length());
        return out.toString();
    }

    private void convert() {
        Object named = null;
        boolean byName = at < format.length() && format.charAt(at) == '(';
        if (byName) {
            named = named();
        }
        String flags = take("-+ 0#");
        int width = number();
        if (width < 0) { // a negative width from the values
            flags += "-";
            width = -width;
        }
        int precision = -1;
        if (at < format.length() && format.charAt(at) == '.') {
            at++;
            precision = Math.max(0, number());
        }
        take("hlL");
        if (at >= format.length()) {
            throw new EvalException("incomplete format");
        }
        char conversion = format.charAt(at++);
        if (conversion == '%') {
            if (flags.isEmpty() && width == 0 && precision < 0) {
                out.append('%');
                return;
            }
            throw new EvalException("the format %% with flags or a width is not supported");
        }
        Object value = byName ? named : next();
        pad(converted(conversion, value, flags, precision), width, flags, "src".indexOf(conversion) >= 0);
    }

    private String converted(char conversion, Object value, String flags, int precision) {
        context.charge(Printer.FLOAT_STEPS + Math.max(0, precision));
        return switch (conversion) {
            case 's' -> cut(Printer.str(context, value), precision);
            case 'r' -> cut(Printer.repr(context, value), precision);
            case 'c' -> character(value);
            case 'd', 'i', 'u' -> signed(whole(value, conversion, true), precision, "", flags);
            case 'x' -> radix(value, conversion, 16, "0x", precision, flags);
            case 'X' -> radix(value, conversion, 16, "0X", precision, flags).toUpperCase(Locale.ROOT);
            case 'o' -> radix(value, conversion, 8, "0o", precision, flags);
            case 'e', 'E', 'f', 'F', 'g', 'G' -> real(conversion, value, precision < 0 ? 6 : precision, flags);
            default ->
                throw new EvalException(
                        "the format %" + conversion + " is not supported; known are s r c d i u x X o e E f F g G");
        };
    }

    private Object named() {
        int close = at;
        for (int depth = 0; close < format.length(); close++) {
            depth += format.charAt(close) == '(' ? 1 : format.charAt(close) == ')' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        if (close >= format.length()) {
            throw new EvalException("incomplete format key");
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

    /** Digits, or a {@code *} that takes the next value. */
    private int number() {
        if (at < format.length() && format.charAt(at) == '*') {
            at++;
            Object value = next();
            if (!Values.isInteger(value)) {
                throw new EvalException("* wants int");
            }
            return checked(Values.integer(value));
        }
        String digits = take("0123456789");
        return digits.isEmpty() ? 0 : checked(digits.length() > 9 ? Long.MAX_VALUE : Long.parseLong(digits));
    }

    private static int checked(long number) {
        if (Math.abs(number) > 999_999 || number == Long.MIN_VALUE) {
            throw new EvalException("a width or precision of more than 999999 is too large");
        }
        return (int) number;
    }

    private static String cut(String text, int precision) {
        return precision >= 0 && precision < Text.length(text) ? text.substring(0, Text.offset(text, precision)) : text;
    }

    private static String character(Object value) {
        if (value instanceof String s && Text.length(s) == 1) {
            return s;
        } else if (value instanceof Long n && Character.isValidCodePoint((int) (long) n) && n == (int) (long) n) {
            return Text.ofCodePoint((int) (long) n);
        }
        throw new EvalException("%c requires int or char");
    }

    private static String whole(Object value, char conversion, boolean floats) {
        if (value instanceof Double d && floats) {
            if (!Double.isFinite(d)) {
                throw new EvalException("cannot convert float " + Printer.number(d) + " to integer");
            }
            return Whole.text(Whole.big(Numbers.whole(d)));
        } else if (!Values.isInteger(value)) {
            throw new EvalException("%" + conversion + " format: a number is required, not " + Values.typeName(value));
        }
        return Whole.text(Whole.big(value));
    }

    private static String radix(Object value, char conversion, int radix, String prefix, int precision, String flags) {
        if (!Values.isInteger(value)) {
            throw new EvalException(
                    "%" + conversion + " format: an integer is required, not " + Values.typeName(value));
        }
        BigInteger big = Whole.big(value);
        return signed(big.toString(radix), precision, flags.contains("#") ? prefix : "", flags);
    }

    private static String real(char conversion, Object value, int precision, String flags) {
        if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (!Values.isNumber(value)) {
            throw new EvalException("must be real number, not " + Values.typeName(value));
        } else if (flags.contains("#")) {
            throw new EvalException("the format %#" + conversion + " is not supported");
        }
        double d = Values.real(value);
        String text =
                switch (conversion) {
                    case 'e', 'E' -> NumberFormat.exponent(d, precision);
                    case 'g', 'G' -> NumberFormat.general(d, precision);
                    default -> NumberFormat.fixed(d, precision);
                };
        boolean upper = Character.isUpperCase(conversion);
        return signed(upper ? text.toUpperCase(Locale.ROOT) : text, 0, "", flags);
    }

    /** At least {@code minDigits} digits, the prefix of the number's base, and the sign that the flags ask for. */
    private static String signed(String number, int minDigits, String prefix, String flags) {
        boolean negative = number.startsWith("-");
        String digits = negative ? number.substring(1) : number;
        String sign = negative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
        return sign + prefix + "0".repeat(Math.max(0, minDigits - digits.length())) + digits;
    }

    private void pad(String text, int width, String flags, boolean isText) {
        int missing = width - Text.length(text);
        context.charge(Math.max(0, missing));
        if (missing <= 0) {
            out.append(text);
        } else if (flags.contains("-")) {
            out.append(text).append(" ".repeat(missing));
        } else if (flags.contains("0") && !isText) {
            int sign = Character.isLetterOrDigit(text.charAt(0)) ? 0 : 1;
            boolean prefixed = text.length() > sign + 1 && "xXo".indexOf(text.charAt(sign + 1)) >= 0;
            int head = prefixed ? sign + 2 : sign;
            out.append(text, 0, head).append("0".repeat(missing)).append(text, head, text.length());
        } else {
            out.append(" ".repeat(missing)).append(text);
        }
    }
}
