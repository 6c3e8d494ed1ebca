package dev.sparktune.template.jinja;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Python's {@code int(text)} and {@code float(text)}. Empty where Python raises a ValueError. */
final class NumberText {
    private NumberText() {}

    static OptionalLong integer(String text) {
        String s = plain(Text.strip(text));
        int start = !s.isEmpty() && (s.charAt(0) == '+' || s.charAt(0) == '-') ? 1 : 0;
        if (digits(s, start) != s.length() || start == s.length()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(s.replace("_", "")));
        } catch (NumberFormatException e) {
            throw new EvalException("the whole number " + s + " does not fit into 64 bits");
        }
    }

    static OptionalDouble real(String text) {
        String s = plain(Text.strip(text)).toLowerCase(Locale.ROOT);
        int start = !s.isEmpty() && (s.charAt(0) == '+' || s.charAt(0) == '-') ? 1 : 0;
        String name = s.substring(start);
        if (name.equals("inf") || name.equals("infinity")) {
            return OptionalDouble.of(s.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY);
        } else if (name.equals("nan")) {
            return OptionalDouble.of(Double.NaN);
        }
        int end = digits(s, start);
        int count = end - start;
        if (end < s.length() && s.charAt(end) == '.') {
            int fraction = digits(s, end + 1);
            count += fraction - end - 1;
            end = fraction;
        }
        if (count > 0 && end < s.length() && s.charAt(end) == 'e') {
            int exponent = end + 1;
            if (exponent < s.length() && (s.charAt(exponent) == '+' || s.charAt(exponent) == '-')) {
                exponent++;
            }
            end = digits(s, exponent) > exponent ? digits(s, exponent) : end;
        }
        return count == 0 || end != s.length()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Double.parseDouble(s.replace("_", "")));
    }

    /** The end of a run of ASCII digits with single underscores between them. */
    private static int digits(String s, int from) {
        int i = from;
        while (i < s.length()
                && (isDigit(s, i) || (s.charAt(i) == '_' && i > from && isDigit(s, i - 1) && isDigit(s, i + 1)))) {
            i++;
        }
        return i;
    }

    private static boolean isDigit(String s, int i) {
        return i < s.length() && s.charAt(i) >= '0' && s.charAt(i) <= '9';
    }

    /** Decimal digits of any script as ASCII ones. */
    private static String plain(String s) {
        StringBuilder out = new StringBuilder(s.length());
        s.codePoints().forEach(c -> {
            boolean foreign = c > 0x7f && Character.isDigit(c);
            out.appendCodePoint(foreign ? '0' + Character.digit(c, 10) : c);
        });
        return out.toString();
    }
}
