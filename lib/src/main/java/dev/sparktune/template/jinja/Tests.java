package dev.sparktune.template.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What can stand behind {@code is}. */
final class Tests {
    static final Map<String, Builtin> TABLE = table();

    private Tests() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("defined", Builtin.of("", (context, self, a) -> !(self instanceof Undefined)));
        table.put("undefined", Builtin.of("", (context, self, a) -> self instanceof Undefined));
        table.put("none", Builtin.of("", (context, self, a) -> self == null));
        table.put("boolean", Builtin.of("", (context, self, a) -> self instanceof Boolean));
        table.put("true", Builtin.of("", (context, self, a) -> Boolean.TRUE.equals(self)));
        table.put("false", Builtin.of("", (context, self, a) -> Boolean.FALSE.equals(self)));
        table.put("integer", Builtin.of("", (context, self, a) -> self instanceof Long));
        table.put("float", Builtin.of("", (context, self, a) -> self instanceof Double));
        table.put("number", Builtin.of("", (context, self, a) -> Values.isNumber(self)));
        table.put("string", Builtin.of("", (context, self, a) -> self instanceof String));
        table.put("mapping", Builtin.of("", (context, self, a) -> self instanceof Dict));
        table.put("sequence", Builtin.of("", (context, self, a) -> isSequence(self)));
        table.put("iterable", Builtin.of("", (context, self, a) -> isIterable(self)));
        table.put("odd", Builtin.of("", (context, self, a) -> remainder(context, self, 2L, 1L)));
        table.put("even", Builtin.of("", (context, self, a) -> remainder(context, self, 2L, 0L)));
        table.put("divisibleby", Builtin.of("num", (context, self, a) -> remainder(context, self, a[0], 0L)));
        compare(table, "==", "eq", "equalto");
        compare(table, "!=", "ne");
        compare(table, "<", "lt", "lessthan");
        compare(table, "<=", "le");
        compare(table, ">", "gt", "greaterthan");
        compare(table, ">=", "ge");
        compare(table, "in", "in");
        return Map.copyOf(table);
    }

    /** The operators have names; select('==', …) also takes their signs. */
    private static void compare(Map<String, Builtin> table, String operator, String... names) {
        Builtin test =
                Builtin.of("other", (context, self, a) -> Expression.Compare.holds(context, operator, self, a[0]));
        table.put(operator, test);
        for (String name : names) {
            table.put(name, test);
        }
    }

    private static boolean remainder(Context context, Object value, Object divisor, Long expected) {
        return Values.equal(context, Arithmetic.apply(context, "%", value, divisor), expected);
    }

    private static boolean isSequence(Object value) {
        return value instanceof String
                || value instanceof List
                || value instanceof Tuple
                || value instanceof Dict
                || value instanceof Range
                || value instanceof Undefined;
    }

    private static boolean isIterable(Object value) {
        return Values.isSized(value) || value instanceof OneShot;
    }
}
