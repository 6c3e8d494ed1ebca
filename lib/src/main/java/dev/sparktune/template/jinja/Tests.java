package dev.sparktune.template.jinja;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What can stand behind {@code is}. */
final class Tests {
    static final Map<String, Builtin> TABLE = table();

    private Tests() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("defined", is(self -> !(self instanceof Undefined)));
        table.put("undefined", is(self -> self instanceof Undefined));
        table.put("none", is(self -> self == null));
        table.put("boolean", is(self -> self instanceof Boolean));
        table.put("true", is(Boolean.TRUE::equals));
        table.put("false", is(Boolean.FALSE::equals));
        table.put("integer", is(self -> self instanceof Long || self instanceof BigInteger));
        table.put("float", is(self -> self instanceof Double));
        table.put("number", is(Values::isNumber));
        table.put("string", is(self -> self instanceof String || self instanceof Markup));
        table.put("mapping", is(self -> self instanceof Dict));
        table.put("sequence", is(Tests::isSequence));
        table.put("iterable", is(Tests::isIterable));
        table.put("callable", is(self -> self instanceof Invocable || self instanceof Undefined));
        table.put("escaped", is(self -> self instanceof Markup));
        table.put("lower", Builtin.of("", (context, self, a) -> TextTests.isLower(Printer.str(context, self))));
        table.put("upper", Builtin.of("", (context, self, a) -> TextTests.isUpper(Printer.str(context, self))));
        table.put("filter", Builtin.of("", (context, self, a) -> context.dialect()
                .filters()
                .containsKey(StringMethods.text(self))));
        table.put("test", Builtin.of("", (context, self, a) -> Tests.TABLE.containsKey(StringMethods.text(self))));
        table.put("sameas", Builtin.of("other", (context, self, a) -> isSame(self, a[0])));
        table.put("odd", Builtin.of("", (context, self, a) -> remainder(context, self, 2L, 1L)));
        table.put("even", Builtin.of("", (context, self, a) -> remainder(context, self, 2L, 0L)));
        table.put("divisibleby", Builtin.of("num", (context, self, a) -> remainder(context, self, a[0], 0L)));
        compare(table, "==", "eq", "equalto");
        compare(table, "!=", "ne");
        compare(table, "<", "lt", "lessthan");
        compare(table, "<=", "le");
        compare(table, ">", "gt", "greaterthan");
        compare(table, ">=", "ge");
        table.put("in", Builtin.of("seq", (context, self, a) -> Membership.in(context, self, a[0])));
        return Map.copyOf(table);
    }

    private static Builtin is(Predicate<Object> holds) {
        return Builtin.of("", (context, self, a) -> holds.test(self));
    }

    /** The operators have names; select('==', …) also takes their signs. */
    private static void compare(Map<String, Builtin> table, String operator, String... names) {
        Builtin test = Builtin.positional(
                "other", (context, self, a) -> Expression.Compare.holds(context, operator, self, a[0]));
        table.put(operator, test);
        for (String name : names) {
            table.put(name, test);
        }
    }

    private static boolean remainder(Context context, Object value, Object divisor, Long expected) {
        return Values.equal(context, Arithmetic.apply(context, "%", value, divisor), expected);
    }

    /** Python compares addresses, which numbers and texts have in its implementation only. */
    private static boolean isSame(Object a, Object b) {
        boolean unsure = a != null
                && b != null
                && Values.typeName(a).equals(Values.typeName(b))
                && !(a instanceof List || a instanceof Dict || a instanceof Boolean);
        if (unsure) {
            throw new EvalException(
                    "the test 'sameas' is not supported between two values of type " + Values.typeName(a) + "; use ==");
        }
        return a instanceof Boolean ? a.equals(b) : a == b;
    }

    private static boolean isSequence(Object value) {
        return Values.isSized(value) && !(value instanceof DictView) || value instanceof Markup;
    }

    private static boolean isIterable(Object value) {
        return Values.isSized(value) || value instanceof OneShot || value instanceof Loop || value instanceof Markup;
    }
}
