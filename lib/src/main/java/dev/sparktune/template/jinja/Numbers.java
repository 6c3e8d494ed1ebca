package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.OptionalDouble;

/** The filters int, float, abs, round and filesizeformat. */
final class Numbers {
    static final Map<String, Builtin> TABLE = Map.of(
            "int",
            Builtin.of(
                    "default? base?",
                    (context, self, a) ->
                            toInteger(context, self, Builtin.orElse(a[0], 0L), Builtin.orElse(a[1], 10L))),
            "float",
            Builtin.of("default?", (context, self, a) -> toFloat(context, self, Builtin.orElse(a[0], 0.0))),
            "abs",
            Builtin.of("", (context, self, a) -> abs(self)),
            "round",
            Builtin.of("precision? method?", (context, self, a) -> {
                context.charge(Printer.FLOAT_STEPS);
                return round(self, Builtin.orElse(a[0], 0L), Builtin.orElse(a[1], "common"));
            }),
            "filesizeformat",
            Builtin.of("binary?", (context, self, a) -> fileSize(self, Values.truth(Builtin.orElse(a[0], false)))));

    private Numbers() {}

    /** {@code otherwise} for what Python cannot read as a number. */
    private static Object toInteger(Context context, Object value, Object otherwise, Object base) {
        if (value instanceof Boolean) {
            return Values.integer(value);
        } else if (Values.isInteger(value)) {
            return value;
        } else if (value instanceof Double d) {
            if (Double.isInfinite(d)) {
                return otherwise;
            }
            return truncated(d, otherwise);
        } else if (value instanceof String s) {
            context.charge(s.length());
            Object whole = NumberText.integer(s, radix(base));
            OptionalDouble real = whole != null ? OptionalDouble.empty() : NumberText.real(s);
            return whole != null ? whole : real.isPresent() ? truncated(real.getAsDouble(), otherwise) : otherwise;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Markup) {
            throw new EvalException("the filter 'int' of Markup is not supported");
        }
        return otherwise;
    }

    private static int radix(Object base) {
        long radix = Values.integer(base);
        if (radix != 0 && (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX)) {
            throw new EvalException("int() base must be >= 2 and <= 36, or 0, but is " + radix);
        }
        return (int) radix;
    }

    private static Object truncated(double d, Object otherwise) {
        return Double.isFinite(d) ? whole(d) : otherwise;
    }

    /** A finite float without its fraction, as an int. */
    static Object whole(double d) {
        return Math.abs(d) < 0x1p63 ? (Object) (long) d : Whole.of(new BigDecimal(d).toBigInteger());
    }

    private static Object toFloat(Context context, Object value, Object otherwise) {
        if (Values.isNumber(value)) {
            return Values.real(value);
        } else if (value instanceof String s) {
            context.charge(s.length());
            OptionalDouble real = NumberText.real(s);
            return real.isPresent() ? (Object) real.getAsDouble() : otherwise;
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        } else if (value instanceof Markup) {
            throw new EvalException("the filter 'float' of Markup is not supported");
        }
        return otherwise;
    }

    private static Object abs(Object value) {
        if (value instanceof Double d) {
            return Math.abs(d);
        } else if (Values.isInteger(value)) {
            return Whole.of(Whole.big(value).abs());
        } else if (value instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new EvalException("bad operand type for abs(): '" + Values.typeName(value) + "'");
    }

    /** Half to even on the float's exact value, as Python's round(); ints stay ints. */
    private static Object round(Object value, Object precision, Object method) {
        if (!"common".equals(method) && !"ceil".equals(method) && !"floor".equals(method)) {
            throw new EvalException("method must be common, ceil or floor");
        } else if (!Values.isNumber(value)) {
            throw new EvalException("type " + Values.typeName(value) + " doesn't define __round__ method");
        } else if (!"common".equals(method)) {
            return toward(value, Values.integer(precision), "ceil".equals(method));
        } else if (precision == null) {
            return Values.isInteger(value) ? plainInteger(value) : rounded(value);
        }
        long digits = Values.integer(precision);
        if (Values.isInteger(value)) {
            return digits >= 0 ? plainInteger(value) : roundedInteger(Whole.big(value), digits);
        }
        double d = Values.real(value);
        if (!Double.isFinite(d) || d == 0 || digits > 400) {
            return d;
        } else if (digits < -400) {
            return Math.copySign(0.0, d);
        }
        double rounded =
                new BigDecimal(d).setScale((int) digits, RoundingMode.HALF_EVEN).doubleValue();
        if (Double.isInfinite(rounded)) {
            throw new EvalException("rounded value too large to represent");
        }
        return Math.copySign(rounded, d);
    }

    private static Object plainInteger(Object value) {
        return value instanceof Boolean ? (Object) Values.integer(value) : value;
    }

    /** To a multiple of a power of ten. */
    private static Object roundedInteger(BigInteger value, long digits) {
        if (-digits > value.abs().bitLength()) { // far beyond its decimal digits
            return 0L;
        }
        return Whole.of(new BigDecimal(value)
                .setScale((int) digits, RoundingMode.HALF_EVEN)
                .toBigIntegerExact());
    }

    private static Object rounded(Object value) {
        double d = Values.real(value);
        if (!Double.isFinite(d)) {
            throw new EvalException("cannot convert float " + Printer.number(d) + " to integer");
        }
        return Whole.of(new BigDecimal(d).setScale(0, RoundingMode.HALF_EVEN).toBigIntegerExact());
    }

    /** {@code ceil(value * 10 ** digits) / 10 ** digits}, each step rounded as Python rounds it. */
    private static Object toward(Object value, long digits, boolean up) {
        if (digits < 0 || digits > 15) {
            throw new EvalException("the filter 'round' with ceil or floor supports a precision of 0 to 15");
        }
        long scale = (long) Math.pow(10, (double) digits);
        if (Values.isInteger(value)) {
            return Arithmetic.divide(Whole.of(Whole.big(value).multiply(BigInteger.valueOf(scale))), scale);
        }
        double scaled = Values.real(value) * (double) scale;
        if (!Double.isFinite(scaled)) {
            throw new EvalException("cannot convert float " + Printer.number(scaled) + " to integer");
        }
        return Arithmetic.divide(whole(up ? Math.ceil(scaled) : Math.floor(scaled)), scale);
    }

    private static String fileSize(Object value, boolean binary) {
        Object number = value instanceof String s ? NumberText.real(s).orElse(Double.NaN) : value;
        if (!Values.isNumber(number) || !Double.isFinite(Values.real(number))) {
            throw new EvalException("could not convert a " + Values.typeName(value) + " to float");
        }
        double bytes = Values.real(number);
        int base = binary ? 1024 : 1000;
        if (bytes == 1) {
            return "1 Byte";
        } else if (bytes < base) {
            return whole(bytes) + " Bytes";
        }
        String[] prefixes = binary
                ? new String[] {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"}
                : new String[] {"kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"};
        BigInteger unit = BigInteger.valueOf(base);
        int i = -1;
        do {
            unit = unit.multiply(BigInteger.valueOf(base));
            i++;
        } while (i < prefixes.length - 1 && bytes >= unit.doubleValue());
        return NumberFormat.fixed(base * bytes / unit.doubleValue(), 1) + " " + prefixes[i];
    }
}
