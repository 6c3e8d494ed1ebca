package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which methods and attributes Python's types have, and which of them a template can use. */
final class Methods {
    private static final Map<String, Builtin> INT = Map.of(
            "bit_length",
                    Builtin.positional(
                            "", (context, self, a) -> (long) magnitude(self).bitLength()),
            "bit_count",
                    Builtin.positional(
                            "", (context, self, a) -> (long) magnitude(self).bitCount()));
    private static final Map<String, Builtin> FLOAT = Map.of(
            "is_integer",
            Builtin.positional(
                    "",
                    (context, self, a) -> Double.isFinite((Double) self) && (Double) self == Math.rint((Double) self)));

    private static final Map<String, Map<String, Builtin>> TABLES = Map.of(
            "str", StringMethods.TABLE,
            "list", ListMethods.LIST,
            "tuple", ListMethods.TUPLE,
            "dict", DictMethods.TABLE,
            "int", INT,
            "float", FLOAT,
            "LoopContext", Loop.METHODS,
            "Cycler", Cycler.METHODS);

    /** All methods that Python's types have, supported or not; reading one is no key and not undefined. */
    private static final Map<String, Set<String>> PYTHON_METHODS = Map.of(
            "str",
            words(
                    "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha"
                            + " isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join"
                            + " ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust"
                            + " rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill"),
            "int",
            words("as_integer_ratio bit_count bit_length conjugate from_bytes to_bytes"),
            "float",
            words("as_integer_ratio conjugate fromhex hex is_integer"),
            "list",
            words("append clear copy count extend index insert pop remove reverse sort"),
            "tuple",
            words("count index"),
            "dict",
            words("clear copy fromkeys get items keys pop popitem setdefault update values"),
            "range",
            words("count index"),
            "view",
            words("isdisjoint mapping"),
            "generator",
            words("close gi_code gi_frame gi_running gi_suspended gi_yieldfrom send throw"));

    private Methods() {}

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    private static BigInteger magnitude(Object integer) {
        return Whole.big(integer).abs();
    }

    static boolean isPythonMethod(Object value, String name) {
        return PYTHON_METHODS.getOrDefault(typeOf(value), Set.of()).contains(name);
    }

    private static String typeOf(Object value) {
        return value instanceof Boolean ? "int" : value instanceof DictView ? "view" : Values.typeName(value);
    }

    static boolean isKnown(String name) {
        return TABLES.values().stream().anyMatch(table -> table.containsKey(name));
    }

    /** An attribute of a number or range that is no method, or ABSENT. */
    static Object attribute(Object value, String name) {
        if (value instanceof Range range) {
            return switch (name) {
                case "start" -> range.start();
                case "stop" -> range.stop();
                case "step" -> range.step();
                default -> Dict.ABSENT;
            };
        } else if (value instanceof Double) {
            return name.equals("real") ? value : name.equals("imag") ? (Object) 0.0 : Dict.ABSENT;
        } else if (Values.isInteger(value)) {
            return switch (name) {
                case "real", "numerator" -> Arithmetic.plus(value);
                case "imag" -> 0L;
                case "denominator" -> 1L;
                default -> Dict.ABSENT;
            };
        }
        return Dict.ABSENT;
    }

    /** @throws EvalException if values of this type have no such method, or it is not supported */
    static Builtin of(Context context, Object self, String name) {
        if (self instanceof Undefined undefined) {
            throw undefined.error();
        }
        Builtin method = TABLES.getOrDefault(typeOf(self), Map.of()).get(name);
        if (method == null) {
            boolean python = isPythonMethod(self, name);
            throw new EvalException(
                    python
                            ? "the method '" + name + "()' of a " + Values.typeName(self) + " is not supported"
                            : "a " + Values.typeName(self) + " has no method '" + name + "()'");
        } else if (context.dialect().immutable() && isMutating(self, name)) {
            throw new EvalException("'" + name + "()' would change a " + Values.typeName(self)
                    + ", which this kind of template must not");
        }
        return method;
    }

    private static boolean isMutating(Object self, String name) {
        return (self instanceof List && ListMethods.MUTATING.contains(name))
                || (self instanceof Dict && DictMethods.MUTATING.contains(name));
    }
}
