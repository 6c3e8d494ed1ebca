package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The methods of Python's str; those that ask what a text is made of are in {@link TextTests}. */
final class StringMethods {
    static final Map<String, Builtin> TABLE = table();

    private StringMethods() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>(TextTests.METHODS);
        addCases(table);
        addEnds(table);
        addSearches(table);
        addSplits(table);
        table.put("join", Builtin.positional("items", (context, self, a) -> join(context, (String) self, a[0])));
        table.put(
                "replace",
                Builtin.positional(
                        "old new count?",
                        (context, self, a) -> Text.replace(
                                context, (String) self, text(a[0]), text(a[1]), Values.integer(orElse(a[2], -1L)))));
        table.put(
                "format",
                Builtin.open((context, self, arguments) -> StringFormat.apply(context, (String) self, arguments)));
        table.put("format_map", Builtin.positional("mapping", (context, self, a) -> {
            if (!(a[0] instanceof Dict dict)) {
                throw new EvalException("format_map() needs a dict");
            }
            return StringFormat.apply(context, (String) self, Arguments.NONE.withNamed(context, dict));
        }));
        return Map.copyOf(table);
    }

    private static void addCases(Map<String, Builtin> table) {
        table.put("lower", plain(Unicode::lower));
        table.put("upper", plain(Unicode::upper));
        table.put("casefold", plain(Unicode::fold));
        table.put("capitalize", plain(Text::capitalize));
        table.put("title", plain(Text::titleWords));
        table.put("swapcase", plain(Text::swapCase));
    }

    private static void addEnds(Map<String, Builtin> table) {
        table.put(
                "strip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], true, true)));
        table.put(
                "lstrip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], true, false)));
        table.put(
                "rstrip",
                Builtin.positional("chars?", (context, self, a) -> strip(context, (String) self, a[0], false, true)));
        table.put("removeprefix", Builtin.positional("prefix", (context, self, a) -> {
            String s = (String) self;
            return s.startsWith(text(a[0])) ? s.substring(text(a[0]).length()) : s;
        }));
        table.put("removesuffix", Builtin.positional("suffix", (context, self, a) -> {
            String s = (String) self;
            return s.endsWith(text(a[0]))
                    ? s.substring(0, s.length() - text(a[0]).length())
                    : s;
        }));
        table.put(
                "center",
                Builtin.positional(
                        "width fill?",
                        (context, self, a) -> center(context, (String) self, Values.integer(a[0]), fill(a[1]))));
        table.put("ljust", Builtin.positional("width fill?", (context, self, a) -> {
            int missing = missing(context, (String) self, Values.integer(a[0]));
            return self + fill(a[1]).repeat(missing);
        }));
        table.put("rjust", Builtin.positional("width fill?", (context, self, a) -> {
            int missing = missing(context, (String) self, Values.integer(a[0]));
            return fill(a[1]).repeat(missing) + self;
        }));
        table.put("zfill", Builtin.positional("width", (context, self, a) -> {
            String s = (String) self;
            int missing = missing(context, s, Values.integer(a[0]));
            int sign = s.startsWith("+") || s.startsWith("-") ? 1 : 0;
            return s.substring(0, sign) + "0".repeat(missing) + s.substring(sign);
        }));
        table.put("expandtabs", Builtin.of("tabsize?", (context, self, a) -> {
            context.charge(((String) self).length());
            return Text.expandTabs(context, (String) self, Values.integer(orElse(a[0], 8L)));
        }));
    }

    private static void addSearches(Map<String, Builtin> table) {
        table.put("startswith", Builtin.positional("prefix start? end?", (context, self, a) -> {
            Window window = Window.of(context, (String) self, a[1], a[2]);
            return window.any(a[0], String::startsWith);
        }));
        table.put("endswith", Builtin.positional("suffix start? end?", (context, self, a) -> {
            Window window = Window.of(context, (String) self, a[1], a[2]);
            return window.any(a[0], String::endsWith);
        }));
        table.put("find", search(false, false));
        table.put("rfind", search(true, false));
        table.put("index", search(false, true));
        table.put("rindex", search(true, true));
        table.put("count", Builtin.positional("part start? end?", (context, self, a) -> {
            Window window = Window.of(context, (String) self, a[1], a[2]);
            return window.count(context, text(a[0]));
        }));
    }

    private static void addSplits(Map<String, Builtin> table) {
        table.put("split", Builtin.of("sep? maxsplit?", (context, self, a) -> split(context, (String) self, a, false)));
        table.put("rsplit", Builtin.of("sep? maxsplit?", (context, self, a) -> split(context, (String) self, a, true)));
        table.put("splitlines", Builtin.of("keepends?", (context, self, a) -> {
            context.charge(((String) self).length());
            return Text.splitLines((String) self, Values.truth(orElse(a[0], false)));
        }));
        table.put(
                "partition",
                Builtin.positional("sep", (context, self, a) -> partition(context, (String) self, text(a[0]), false)));
        table.put(
                "rpartition",
                Builtin.positional("sep", (context, self, a) -> partition(context, (String) self, text(a[0]), true)));
    }

    private static Builtin plain(UnaryOperator<String> change) {
        return Builtin.positional("", (context, self, a) -> {
            context.charge(((String) self).length());
            return change.apply((String) self);
        });
    }

    private static Builtin search(boolean last, boolean required) {
        return Builtin.positional("part start? end?", (context, self, a) -> {
            Window window = Window.of(context, (String) self, a[1], a[2]);
            long at = window.find(context, text(a[0]), last);
            if (at < 0 && required) {
                throw new EvalException("substring not found");
            }
            return at;
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

    private static String fill(Object argument) {
        String fill = text(orElse(argument, " "));
        if (Text.length(fill) != 1) {
            throw new EvalException("The fill character must be exactly one character long");
        }
        return fill;
    }

    private static int missing(Context context, String s, long width) {
        long missing = width < 0 ? 0 : Math.max(0, width - Text.length(s));
        context.charge(s.length());
        context.charge(missing);
        return (int) missing;
    }

    /** Of an odd space, the larger half stands left if the width is odd: so does CPython. */
    static String center(Context context, String s, long width, String fill) {
        int missing = missing(context, s, width);
        int left = missing / 2 + (int) (missing & width & 1);
        return fill.repeat(left) + s + fill.repeat(missing - left);
    }

    static String strip(Context context, String s, Object characters, boolean left, boolean right) {
        if (characters == Dict.ABSENT || characters == null) {
            String stripped = left ? Text.lstrip(s) : s;
            return right ? Text.rstrip(stripped) : stripped;
        }
        context.chargeSearch(s, text(characters));
        return Text.strip(s, text(characters), left, right);
    }

    private static List<Object> split(Context context, String s, Object[] a, boolean fromEnd) {
        context.charge(s.length());
        long limit = Values.integer(orElse(a[1], -1L));
        Object separator = orElse(a[0], null);
        if (separator == null) {
            return fromEnd ? Text.splitWordsFromEnd(s, limit) : Text.splitWords(s, limit);
        }
        context.chargeSearch(s, text(separator));
        return fromEnd ? Text.splitFromEnd(s, text(separator), limit) : Text.split(s, text(separator), limit);
    }

    private static Tuple partition(Context context, String s, String separator, boolean last) {
        if (separator.isEmpty()) {
            throw new EvalException("empty separator");
        }
        context.charge(s.length());
        context.chargeSearch(s, separator);
        int at = last ? s.lastIndexOf(separator) : s.indexOf(separator);
        if (at < 0) {
            return last ? Tuple.of("", "", s) : Tuple.of(s, "", "");
        }
        return Tuple.of(s.substring(0, at), separator, s.substring(at + separator.length()));
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
            context.charge(s.length() + (long) separator.length());
            out.append(index == 0 ? "" : separator).append(s);
        }
        return out.toString();
    }
}
