package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** A float as Python's formats {@code f}, {@code e} and {@code g} write it, with a minus where it is negative. */
final class NumberFormat {
    private NumberFormat() {}

    /** With {@code precision} digits behind the point. */
    static String fixed(double d, int precision) {
        if (!Double.isFinite(d)) {
            return Printer.number(d);
        }
        String text = new BigDecimal(Math.abs(d))
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        return sign(d) + text;
    }

    /** One digit, {@code precision} digits behind the point, and an exponent of at least two digits. */
    static String exponent(double d, int precision) {
        if (!Double.isFinite(d)) {
            return Printer.number(d);
        }
        BigDecimal rounded = rounded(d, precision + 1);
        String digits = rounded.unscaledValue().toString();
        digits += "0".repeat(precision + 1 - digits.length());
        return sign(d) + mantissa(digits) + power(d == 0 ? 0 : exponentOf(rounded));
    }

    /** {@code precision} significant digits without zeros at the end, with an exponent if the number is very large or small. */
    static String general(double d, int precision) {
        return general(d, Math.max(1, precision), Math.max(1, precision));
    }

    /** Python's format without a letter: a number without an exponent has a digit behind its point. */
    static String plain(double d, int precision) {
        int significant = Math.max(1, precision);
        String text = general(d, significant, significant - 1);
        boolean whole = text.chars().allMatch(c -> c == '-' || Character.isDigit(c));
        return whole ? text + ".0" : text;
    }

    /** @param limit exponents from here on are written */
    private static String general(double d, int significant, int limit) {
        if (!Double.isFinite(d)) {
            return Printer.number(d);
        }
        BigDecimal rounded = rounded(d, significant);
        int exponent = d == 0 ? 0 : exponentOf(rounded);
        if (exponent < -4 || exponent >= limit) {
            return sign(d) + mantissa(rounded.unscaledValue().toString()) + power(exponent);
        }
        return sign(d) + rounded.toPlainString();
    }

    private static BigDecimal rounded(double d, int significant) {
        BigDecimal rounded = new BigDecimal(Math.abs(d)).round(new MathContext(significant, RoundingMode.HALF_EVEN));
        return rounded.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    }

    private static int exponentOf(BigDecimal number) {
        return number.precision() - number.scale() - 1;
    }

    private static String mantissa(String digits) {
        return digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
    }

    private static String power(int exponent) {
        return (exponent < 0 ? "e-" : "e+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
    }

    private static String sign(double d) {
        return d < 0 || 1 / d < 0 ? "-" : "";
    }
}
