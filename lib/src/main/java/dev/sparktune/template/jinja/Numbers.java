package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The filters int, float, abs and round. */
final class Numbers {
    private Numbers() {}

    /** {@code otherwise} for what Python cannot read as a number. */
    static Object toInteger(Object value, Object otherwise) {
        if (Values.isInteger(value)) {
            return Values.integer(value);
        } else if (value instanceof Double d) {
            return truncated(d, otherwise);
        } else if (value instanceof String s) {
            OptionalLong whole = NumberText.integer(s);
            OptionalDouble real = whole.isPresent() ? OptionalDouble.empty() : NumberText.real(s);
            return whole.isPresent()
                    ? (Object) whole.getAsLong()
                    : real.isPresent() ? truncated(real.getAsDouble(), otherwise) : otherwise;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return otherwise;
    }

    private static Object truncated(double d, Object otherwise) {
        if (!Double.isFinite(d)) {
            return otherwise;
        } else if (Math.abs(d) >= 0x1p63) {
            throw new EvalException("the whole number of " + Printer.number(d) + " does not fit into 64 bits");
        }
        return (long) d;
    }

    static Object toFloat(Object value, Object otherwise) {
        if (Values.isNumber(value)) {
            return Values.real(value);
        } else if (value instanceof String s) {
            OptionalDouble real = NumberText.real(s);
            return real.isPresent() ? (Object) real.getAsDouble() : otherwise;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        return otherwise;
    }

    static Object abs(Object value) {
        if (value instanceof Double d) {
            return Math.abs(d);
        } else if (Values.isInteger(value)) {
            long n = Values.integer(value);
            return n < 0 ? Arithmetic.negate(n) : (Object) n;
        }
        throw new EvalException("bad operand type for abs(): '" + Values.typeName(value) + "'");
    }

    /** Half to even on the float's exact value, as Python's round(); ints stay ints. */
    static Object round(Object value, Object precision, Object method) {
        long digits = Values.integer(precision);
        if (!Values.isNumber(value)) {
            throw new EvalException("type " + Values.typeName(value) + " doesn't define __round__ method");
        } else if (Math.abs(digits) > 300) {
            throw new EvalException("a precision of " + digits + " is out of range");
        } else if ("ceil".equals(method) || "floor".equals(method)) {
            return toward(value, digits, "ceil".equals(method));
        } else if (!"common".equals(method)) {
            throw new EvalException("method must be common, ceil or floor");
        }
        if (Values.isInteger(value)) {
            return BigDecimal.valueOf(Values.integer(value))
                    .setScale((int) Math.min(0, digits), RoundingMode.HALF_EVEN)
                    .longValueExact();
        }
        double d = Values.real(value);
        if (!Double.isFinite(d) || d == 0) {
            return d;
        }
        double rounded =
                new BigDecimal(d).setScale((int) digits, RoundingMode.HALF_EVEN).doubleValue();
        return Math.copySign(rounded, d);
    }

    /** {@code ceil(value * 10 ** digits) / 10 ** digits}, each step rounded as Python rounds it. */
    private static Object toward(Object value, long digits, boolean up) {
        if (digits < 0 || digits > 15) {
            throw new EvalException("the filter 'round' with ceil or floor supports a precision of 0 to 15");
        }
        long scale = (long) Math.pow(10, (double) digits);
        double scaled = Values.real(value) * (double) scale;
        double whole = up ? Math.ceil(scaled) : Math.floor(scaled);
        if (!Double.isFinite(whole) || Math.abs(whole) >= 0x1p53) {
            throw new EvalException("the number " + Printer.number(Values.real(value)) + " is too large to round");
        }
        double result = whole / (double) scale;
        return result == 0 ? 0.0 : result;
    }
}
