package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/** The methods of Python's str. */
final class StringMethods {
    static final Map<String, Builtin> TABLE = table();

    private StringMethods() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("lower", plain(Text::lower));
        table.put("upper", plain(Text::upper));
        table.put("capitalize", plain(Text::capitalize));
        table.put("title", plain(Text::titleWords));
        table.put(
                "strip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], true, true)));
        table.put(
                "lstrip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], true, false)));
        table.put(
                "rstrip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], false, true)));
        table.put("split", Builtin.of("sep? maxsplit?", (context, self, a) -> split(context, (String) self, a)));
        table.put("join", Builtin.positional("items", (context, self, a) -> join(context, (String) self, a[0])));
        table.put(
                "replace",
                Builtin.positional(
                        "old new count?",
                        (context, self, a) -> Text.replace(
                                context, (String) self, text(a[0]), text(a[1]), Values.integer(orElse(a[2], -1L)))));
        table.put(
                "startswith",
                Builtin.positional("prefix", (context, self, a) -> any((String) self, a[0], String::startsWith)));
        table.put(
                "endswith",
                Builtin.positional("suffix", (context, self, a) -> any((String) self, a[0], String::endsWith)));
        table.put("find", Builtin.positional("part", (context, self, a) -> find(context, (String) self, a[0], false)));
        table.put("rfind", Builtin.positional("part", (context, self, a) -> find(context, (String) self, a[0], true)));
        table.put(
                "index", Builtin.positional("part", (context, self, a) -> index(context, (String) self, a[0], false)));
        table.put(
                "rindex", Builtin.positional("part", (context, self, a) -> index(context, (String) self, a[0], true)));
        table.put("count", Builtin.positional("part", (context, self, a) -> count(context, (String) self, text(a[0]))));
        return Map.copyOf(table);
    }

    private static Builtin plain(UnaryOperator<String> change) {
        return Builtin.positional("", (context, self, a) -> {
            context.charge(((String) self).length());
            return change.apply((String) self);
        });
    }

    /** @throws EvalException if the argument is no str */
    static String text(Object argument) {
        if (argument instanceof String s) {
            return s;
        } else if (argument instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new EvalException("the argument must be str, not " + Values.typeName(argument));
    }

    static String strip(Context context, String s, Object characters, boolean left, boolean right) {
        if (characters == Dict.ABSENT || characters == null) {
            String stripped = left ? Text.lstrip(s) : s;
            return right ? Text.rstrip(stripped) : stripped;
        }
        context.chargeSearch(s, text(characters));
        return Text.strip(s, text(characters), left, right);
    }

    private static List<Object> split(Context context, String s, Object[] a) {
        context.charge(s.length());
        long limit = Values.integer(orElse(a[1], -1L));
        Object separator = orElse(a[0], null);
        if (separator == null) {
            return Text.splitWords(s, limit);
        }
        context.chargeSearch(s, text(separator));
        return Text.split(s, text(separator), limit);
    }

    private static String join(Context context, String separator, Object items) {
        StringBuilder out = new StringBuilder();
        int index = 0;
        for (Iterator<Object> i = Iteration.of(context, items); i.hasNext(); index++) {
            Object item = i.next();
            if (!(item instanceof String s)) {
                throw new EvalException(
                        "sequence item " + index + ": expected str instance, " + Values.typeName(item) + " found");
            }
            context.charge(s.length() + separator.length());
            out.append(index == 0 ? "" : separator).append(s);
        }
        return out.toString();
    }

    /** Whether it holds for the text, or for one of a tuple of texts. */
    private static boolean any(String s, Object affix, BiPredicate<String, String> holds) {
        List<Object> affixes = affix instanceof Tuple tuple ? tuple.items() : List.of(text(affix));
        return affixes.stream().anyMatch(one -> holds.test(s, text(one)));
    }

    private static long find(Context context, String s, Object part, boolean last) {
        context.chargeSearch(s, text(part));
        int at = last ? s.lastIndexOf(text(part)) : s.indexOf(text(part));
        return at < 0 ? -1 : s.codePointCount(0, at);
    }

    private static long index(Context context, String s, Object part, boolean last) {
        long at = find(context, s, part, last);
        if (at < 0) {
            throw new EvalException("substring not found");
        }
        return at;
    }

    private static long count(Context context, String s, String part) {
        context.chargeSearch(s, part);
        if (part.isEmpty()) {
            return Text.length(s) + 1L;
        }
        long count = 0;
        for (int at = s.indexOf(part); at >= 0; at = s.indexOf(part, at + part.length())) {
            count++;
        }
        return count;
    }
}
