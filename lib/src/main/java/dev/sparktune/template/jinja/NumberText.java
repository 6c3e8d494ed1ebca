package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.OptionalDouble;

/** Python's {@code int(text, base)} and {@code float(text)}. */
final class NumberText {
    private NumberText() {}

    /** An int of {@link Whole}'s kind; null where Python raises a ValueError. */
    static Object integer(String text) {
        return integer(text, 10);
    }

    /** @param base 2 to 36, or 0: what the prefix says */
    static Object integer(String text, int base) {
        String s = plain(stripped(text));
        boolean negative = s.startsWith("-");
        String digits = negative || s.startsWith("+") ? s.substring(1) : s;
        int prefixed = prefixBase(digits);
        int radix = base == 0 ? prefixed : base;
        if (prefixed == radix && prefixed != 10) {
            digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
        }
        if (!areDigits(digits, radix)) {
            return null;
        }
        digits = digits.replace("_", "");
        if (base == 0 && prefixed == 10 && digits.startsWith("0") && !digits.matches("0+")) {
            return null;
        }
        if (digits.length() > Whole.MAX_DIGITS && Integer.bitCount(radix) != 1) {
            return null;
        }
        if (radix == 10 && digits.length() <= 18) {
            return Long.parseLong(digits) * (negative ? -1 : 1);
        }
        BigInteger value = new BigInteger(digits, radix);
        return Whole.of(negative ? value.negate() : value);
    }

    private static int prefixBase(String digits) {
        if (digits.length() < 2 || digits.charAt(0) != '0') {
            return 10;
        }
        return switch (digits.charAt(1)) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            default -> 10;
        };
    }

    /** Whether all are digits, with single underscores between them. */
    private static boolean areDigits(String s, int radix) {
        boolean afterDigit = false;
        for (int i = 0; i < s.length(); i++) {
            boolean digit = s.charAt(i) < 0x80 && Character.digit(s.charAt(i), radix) >= 0;
            if (!digit && !(s.charAt(i) == '_' && afterDigit)) {
                return false;
            }
            afterDigit = digit;
        }
        return afterDigit;
    }

    /** Empty where Python raises a ValueError. */
    static OptionalDouble real(String text) {
        String s = plain(stripped(text)).toLowerCase(Locale.ROOT);
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

    /** Python's numbers do not take the separators 0x1c to 0x1f for whitespace, though {@code strip} does. */
    private static String stripped(String text) {
        int start = 0;
        int end = text.length();
        while (start < end && isBlank(text.charAt(start))) {
            start++;
        }
        while (end > start && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isBlank(char c) {
        return Text.isSpace(c) && (c < 0x1c || c > 0x1f);
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
