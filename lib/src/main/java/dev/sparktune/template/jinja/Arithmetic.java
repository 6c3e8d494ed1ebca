package dev.sparktune.template.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's operators {@code + - * / // % **}. Whole numbers have 64 bits; what does not fit is an error. */
final class Arithmetic {
    private static final long EXACT = 1L << 53;

    private Arithmetic() {}

    static Object apply(Context context, String operator, Object a, Object b) {
        try {
            return switch (operator) {
                case "+" -> add(context, a, b);
                case "-" -> subtract(a, b);
                case "*" -> multiply(context, a, b);
                case "/" -> divide(a, b);
                case "//" -> floorDivide(a, b);
                case "%" -> a instanceof String format ? PercentFormat.apply(context, format, b) : modulo(a, b);
                case "**" -> power(a, b);
                default -> throw new IllegalStateException(operator);
            };
        } catch (ArithmeticException e) {
            throw new EvalException("the result of '" + operator + "' does not fit into 64 bits");
        }
    }

    static Object negate(Object a) {
        if (Values.isInteger(a)) {
            if (Values.integer(a) == Long.MIN_VALUE) {
                throw new EvalException("the result of '-' does not fit into 64 bits");
            }
            return -Values.integer(a);
        } else if (a instanceof Double d) {
            return -d;
        }
        throw unary("-", a);
    }

    static Object plus(Object a) {
        if (Values.isInteger(a)) {
            return Values.integer(a);
        } else if (a instanceof Double) {
            return a;
        }
        throw unary("+", a);
    }

    private static EvalException unary(String operator, Object a) {
        return a instanceof Undefined undefined
                ? undefined.error()
                : new EvalException("bad operand type for unary " + operator + ": '" + Values.typeName(a) + "'");
    }

    private static Object add(Context context, Object a, Object b) {
        if (a instanceof String x && b instanceof String y) {
            context.charge(x.length() + y.length());
            return x + y;
        } else if (a instanceof List<?> x && b instanceof List<?> y) {
            return concatenated(context, x, y);
        } else if (a instanceof Tuple x && b instanceof Tuple y) {
            return new Tuple(Collections.unmodifiableList(concatenated(context, x.items(), y.items())));
        }
        return bothIntegers("+", a, b)
                ? (Object) Math.addExact(Values.integer(a), Values.integer(b))
                : (Object) (Values.real(a) + Values.real(b));
    }

    private static List<Object> concatenated(Context context, List<?> x, List<?> y) {
        context.charge(x.size() + y.size());
        List<Object> all = new ArrayList<>(x.size() + y.size());
        all.addAll(x);
        all.addAll(y);
        return all;
    }

    private static Object subtract(Object a, Object b) {
        return bothIntegers("-", a, b)
                ? (Object) Math.subtractExact(Values.integer(a), Values.integer(b))
                : (Object) (Values.real(a) - Values.real(b));
    }

    private static Object multiply(Context context, Object a, Object b) {
        if (isSequence(a) && Values.isInteger(b)) {
            return repeat(context, a, Values.integer(b));
        } else if (isSequence(b) && Values.isInteger(a)) {
            return repeat(context, b, Values.integer(a));
        }
        return bothIntegers("*", a, b)
                ? (Object) Math.multiplyExact(Values.integer(a), Values.integer(b))
                : (Object) (Values.real(a) * Values.real(b));
    }

    private static boolean isSequence(Object value) {
        return value instanceof String || value instanceof List || value instanceof Tuple;
    }

    private static Object repeat(Context context, Object sequence, long times) {
        long length = sequence instanceof String s ? s.length() : Values.length(sequence);
        int count = (int) Math.max(0, Math.min(times, Integer.MAX_VALUE));
        context.charge(length * count);
        if (sequence instanceof String s) {
            return s.repeat(count);
        }
        List<?> items = sequence instanceof Tuple tuple ? tuple.items() : (List<?>) sequence;
        List<Object> all = new ArrayList<>((int) length * count);
        for (int i = 0; length > 0 && i < count; i++) {
            all.addAll(items);
        }
        return sequence instanceof Tuple ? new Tuple(Collections.unmodifiableList(all)) : all;
    }

    private static Object divide(Object a, Object b) {
        boolean integers = bothIntegers("/", a, b);
        if (Values.real(b) == 0) {
            throw new EvalException("division by zero");
        }
        if (integers && (Math.abs(Values.integer(a)) > EXACT || Math.abs(Values.integer(b)) > EXACT)) {
            // Python rounds the exact quotient once; dividing two rounded floats would round twice.
            return BigDecimal.valueOf(Values.integer(a))
                    .divide(BigDecimal.valueOf(Values.integer(b)), new MathContext(60))
                    .doubleValue();
        }
        return Values.real(a) / Values.real(b);
    }

    private static Object floorDivide(Object a, Object b) {
        if (bothIntegers("//", a, b)) {
            long divisor = Values.integer(b);
            if (divisor == 0) {
                throw new EvalException("integer division or modulo by zero");
            } else if (divisor == -1) {
                return Math.negateExact(Values.integer(a));
            }
            return Math.floorDiv(Values.integer(a), divisor);
        }
        double x = Values.real(a);
        double y = Values.real(b);
        if (y == 0) {
            throw new EvalException("float floor division by zero");
        }
        double quotient = (x - remainder(x, y)) / y;
        if (quotient == 0) {
            return Math.copySign(0.0, x / y);
        }
        double floor = Math.floor(quotient);
        return quotient - floor > 0.5 ? floor + 1 : floor;
    }

    private static Object modulo(Object a, Object b) {
        if (bothIntegers("%", a, b)) {
            if (Values.integer(b) == 0) {
                throw new EvalException("integer division or modulo by zero");
            }
            return Math.floorMod(Values.integer(a), Values.integer(b));
        }
        double y = Values.real(b);
        if (y == 0) {
            throw new EvalException("float modulo");
        }
        return remainder(Values.real(a), y);
    }

    /** Has the sign of the divisor, as in Python. */
    private static double remainder(double x, double y) {
        double remainder = x % y;
        if (remainder == 0) {
            return Math.copySign(0.0, y);
        }
        return (remainder < 0) == (y < 0) ? remainder : remainder + y;
    }

    private static Object power(Object a, Object b) {
        boolean integers = bothIntegers("**", a, b);
        if (integers && Values.integer(b) >= 0) {
            return integerPower(Values.integer(a), Values.integer(b));
        }
        double x = Values.real(a);
        double y = Values.real(b);
        if (x == 0 && y < 0) {
            throw new EvalException("0.0 cannot be raised to a negative power");
        } else if (x < 0 && Double.isFinite(x) && Double.isFinite(y) && y != Math.rint(y)) {
            throw new EvalException("a negative number to a fractional power is complex, which is not supported");
        }
        double result = Math.pow(x, y);
        if (Double.isInfinite(result) && Double.isFinite(x) && Double.isFinite(y)) {
            throw new EvalException("the result of '**' is too large");
        }
        return result;
    }

    private static long integerPower(long base, long exponent) {
        if (base == 0 || base == 1 || exponent == 0) {
            return exponent == 0 ? 1 : base;
        } else if (base == -1) {
            return exponent % 2 == 0 ? 1 : -1;
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
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
