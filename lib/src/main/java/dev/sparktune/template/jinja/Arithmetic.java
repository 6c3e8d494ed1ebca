package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators {@code + - * / // % **}. */
final class Arithmetic {
    private static final long EXACT = 1L << 53;
    private static final MathContext WIDE = new MathContext(60);

    private Arithmetic() {}

    static Object apply(Context context, String operator, Object a, Object b) {
        if (a instanceof BigInteger x && b instanceof BigInteger y) {
            context.charge(((long) x.bitLength() * y.bitLength()) >> 10);
        }
        return switch (operator) {
            case "+" -> add(context, a, b);
            case "-" -> subtract(a, b);
            case "*" -> multiply(context, a, b);
            case "/" -> divide(a, b);
            case "//" -> floorDivide(a, b);
            case "%" -> a instanceof String format ? PercentFormat.apply(context, format, b) : modulo(a, b);
            case "**" -> power(context, a, b);
            default -> throw new IllegalStateException(operator);
        };
    }

    static Object negate(Object a) {
        if (a instanceof Double d) {
            return -d;
        } else if (a instanceof Long n && n != Long.MIN_VALUE) {
            return -n;
        } else if (Values.isInteger(a)) {
            return Whole.of(Whole.big(a).negate());
        }
        throw unary("-", a);
    }

    static Object plus(Object a) {
        if (a instanceof Boolean) {
            return Values.integer(a);
        } else if (Values.isNumber(a)) {
            return a;
        }
        throw unary("+", a);
    }

    private static EvalException unary(String operator, Object a) {
        return a instanceof Undefined undefined
                ? undefined.error()
                : new EvalException("bad operand type for unary " + operator + ": '" + Values.typeName(a) + "'");
    }

    static Object add(Context context, Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long sum = x + y;
            if (((x ^ sum) & (y ^ sum)) >= 0) {
                return sum;
            }
        } else if (a instanceof String x && b instanceof String y) {
            context.charge(x.length() + (long) y.length());
            return x.concat(y);
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return concatenated(context, x, y);
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            return new Tuple(Collections.unmodifiableList(concatenated(context, x.items(), y.items())));
        }
        return bothIntegers("+", a, b)
                ? Whole.of(Whole.big(a).add(Whole.big(b)))
                : (Object) (Values.real(a) + Values.real(b));
    }

    private static List<Object> concatenated(Context context, List<?> x, List<?> y) {
        context.charge(x.size() + (long) y.size());
        List<Object> all = new ArrayList<>(x.size() + y.size());
        all.addAll(x);
        all.addAll(y);
        return all;
    }

    private static Object subtract(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            long difference = x - y;
            if (((x ^ y) & (x ^ difference)) >= 0) {
                return difference;
            }
        }
        return bothIntegers("-", a, b)
                ? Whole.of(Whole.big(a).subtract(Whole.big(b)))
                : (Object) (Values.real(a) - Values.real(b));
    }

    private static Object multiply(Context context, Object a, Object b) {
        if (isSequence(a) && Values.isInteger(b)) {
            return repeat(context, a, b);
        } else if (isSequence(b) && Values.isInteger(a)) {
            return repeat(context, b, a);
        }
        return bothIntegers("*", a, b) ? product(a, b) : (Object) (Values.real(a) * Values.real(b));
    }

    private static Object product(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y && Math.multiplyHigh(x, y) == (x * y) >> 63) {
            return x * y;
        }
        return Whole.of(Whole.big(a).multiply(Whole.big(b)));
    }

    private static boolean isSequence(Object value) {
        return value instanceof String || value instanceof List || value instanceof Tuple;
    }

    private static Object repeat(Context context, Object sequence, Object times) {
        long length = sequence instanceof String s ? s.length() : Values.length(sequence);
        int count = (int) Math.max(0, Math.min(Values.integer(times), Integer.MAX_VALUE));
        context.charge(length * count);
        if (sequence instanceof String s) {
            return s.repeat(length == 0 ? 0 : count);
        }
        List<?> items = sequence instanceof Tuple tuple ? tuple.items() : (List<?>) sequence;
        List<Object> all = new ArrayList<>((int) length * count);
        for (int i = 0; length > 0 && i < count; i++) {
            all.addAll(items);
        }
        return sequence instanceof Tuple ? new Tuple(Collections.unmodifiableList(all)) : all;
    }

    static Object divide(Object a, Object b) {
        boolean integers = bothIntegers("/", a, b);
        if (isZero(b)) {
            throw new EvalException("division by zero");
        }
        if (integers && !isZero(a) && (isWide(a) || isWide(b))) {
            // Python rounds the exact quotient once; dividing two rounded floats would round twice.
            double quotient = new BigDecimal(Whole.big(a))
                    .divide(new BigDecimal(Whole.big(b)), WIDE)
                    .doubleValue();
            if (Double.isInfinite(quotient)) {
                throw new EvalException("integer division result too large for a float");
            }
            return quotient;
        }
        return Values.real(a) / Values.real(b);
    }

    private static boolean isWide(Object integer) {
        return integer instanceof BigInteger || Math.abs(Values.integer(integer)) > EXACT;
    }

    private static boolean isZero(Object number) {
        return number instanceof Double d ? d == 0 : !(number instanceof BigInteger) && Values.integer(number) == 0;
    }

    private static Object floorDivide(Object a, Object b) {
        boolean integers = bothIntegers("//", a, b);
        if (isZero(b)) {
            throw new EvalException(integers ? "integer division or modulo by zero" : "float floor division by zero");
        } else if (integers) {
            if (a instanceof Long x && b instanceof Long y && y != -1) {
                return Math.floorDiv(x, y);
            }
            BigInteger[] parts = Whole.big(a).divideAndRemainder(Whole.big(b));
            boolean up =
                    parts[1].signum() != 0 && parts[1].signum() != Whole.big(b).signum();
            return Whole.of(up ? parts[0].subtract(BigInteger.ONE) : parts[0]);
        }
        double x = Values.real(a);
        double y = Values.real(b);
        double remainder = x % y;
        double quotient = (x - remainder) / y;
        if (remainder != 0 && (y < 0) != (remainder < 0)) {
            quotient -= 1;
        }
        if (quotient == 0) {
            return Math.copySign(0.0, x / y);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static Object modulo(Object a, Object b) {
        boolean integers = bothIntegers("%", a, b);
        if (isZero(b)) {
            throw new EvalException(integers ? "integer division or modulo by zero" : "float modulo");
        } else if (integers) {
            if (a instanceof Long x && b instanceof Long y) {
                return Math.floorMod(x, y);
            }
            BigInteger remainder = Whole.big(a).remainder(Whole.big(b));
            boolean wrap = remainder.signum() != 0
                    && remainder.signum() != Whole.big(b).signum();
            return Whole.of(wrap ? remainder.add(Whole.big(b)) : remainder);
        }
        return remainder(Values.real(a), Values.real(b));
    }

    /** Has the sign of the divisor, as in Python. */
    private static double remainder(double x, double y) {
        double remainder = x % y;
        if (remainder == 0) {
            return Math.copySign(0.0, y);
        }
        return (remainder < 0) == (y < 0) ? remainder : remainder + y;
    }

    private static Object power(Context context, Object a, Object b) {
        boolean integers = bothIntegers("**", a, b);
        if (integers && Whole.big(b).signum() >= 0) {
            return integerPower(context, Whole.big(a), b);
        }
        double x = Values.real(a);
        double y = Values.real(b);
        if (x == 0 && y < 0) {
            throw new EvalException("0.0 cannot be raised to a negative power");
        } else if (x < 0 && Double.isFinite(x) && Double.isFinite(y) && y != Math.rint(y)) {
            throw new EvalException("a negative number to a fractional power is complex, which is not supported");
        }
        double result = realPower(x, y);
        if (Double.isInfinite(result) && Double.isFinite(x) && Double.isFinite(y)) {
            throw new EvalException("the result of '**' is too large");
        }
        return result;
    }

    /** Rounded correctly for small whole exponents, which C's and Java's pow() need not do alike. */
    private static double realPower(double x, double y) {
        if (x == 1) {
            return 1; // even to the power of nan
        } else if (x == -1 && Double.isInfinite(y)) {
            return 1;
        } else if (y == 0.5 && Double.isFinite(x)) {
            return Math.sqrt(x) + 0.0;
        } else if (x != 0 && Double.isFinite(x) && y == Math.rint(y) && Math.abs(y) <= 64) {
            return new BigDecimal(x).pow((int) y, WIDE).doubleValue();
        }
        return Math.pow(x, y);
    }

    private static Object integerPower(Context context, BigInteger base, Object exponent) {
        if (base.bitLength() <= 1 && base.abs().compareTo(BigInteger.ONE) <= 0) {
            boolean even = !Whole.big(exponent).testBit(0);
            return isZero(exponent) || (base.signum() < 0 && even) ? 1L : (Object) base.longValue();
        }
        long bits = Math.max(1, base.abs().bitLength() - 1L);
        if (exponent instanceof BigInteger || Values.integer(exponent) > 2L * Whole.MAX_BITS / bits + 1) {
            throw new EvalException("a whole number has more than " + Whole.MAX_BITS + " bits");
        }
        context.charge((bits * Values.integer(exponent)) >> 6);
        return Whole.of(base.pow((int) Values.integer(exponent)));
    }

    /** @throws EvalException if one of the two is no number */
    private static boolean bothIntegers(String operator, Object a, Object b) {
        if (a instanceof Undefined undefined) {
            throw undefined.error();
        } else if (b instanceof Undefined undefined) {
            throw undefined.error();
        } else if (!Values.isNumber(a) || !Values.isNumber(b)) {
            throw new EvalException("unsupported operand types for " + operator + ": '" + Values.typeName(a) + "' and '"
                    + Values.typeName(b) + "'");
        }
        return Values.isInteger(a) && Values.isInteger(b);
    }
}
