package dev.sparktune.template.jinja;

import java.math.BigInteger;

/** Python's int: a {@link Long} where it fits, else a {@link BigInteger}. */
final class Whole {
    /** A larger number is an error: nothing that a template does needs it, and it costs time. */
    static final int MAX_BITS = 1 << 16;

    /** Python refuses to read or write longer numbers. */
    static final int MAX_DIGITS = 4300;

    private Whole() {}

    static Object of(BigInteger value) {
        if (value.bitLength() > MAX_BITS) {
            throw new EvalException("a whole number has more than " + MAX_BITS + " bits");
        }
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }

    /** @param integer an int or bool */
    static BigInteger big(Object integer) {
        return integer instanceof BigInteger big ? big : BigInteger.valueOf(Values.integer(integer));
    }

    static String text(BigInteger value) {
        String text = value.toString();
        if (value.abs().bitLength() > 3.3 * MAX_DIGITS && text.length() - (value.signum() < 0 ? 1 : 0) > MAX_DIGITS) {
            throw new EvalException("a whole number has more than " + MAX_DIGITS + " digits");
        }
        return text;
    }

    /** The nearest float, half to even; what is beyond the largest one is an error. */
    static double real(BigInteger value) {
        double real = value.doubleValue();
        if (Double.isInfinite(real)) {
            throw new EvalException("int too large to convert to float");
        }
        return real;
    }
}
