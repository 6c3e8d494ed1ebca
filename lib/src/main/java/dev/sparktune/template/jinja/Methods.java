package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of Python's list, tuple and dict; those of str are in {@link StringMethods}. */
final class Methods {
    private static final Map<String, Builtin> LIST = list();
    private static final Map<String, Builtin> TUPLE = tuple();
    private static final Map<String, Builtin> DICT = dict();
    private static final Map<String, Builtin> LOOP =
            Map.of("cycle", Builtin.open((context, self, arguments) -> ((Loop) self).cycle(arguments.positional())));

    /** Names without double underscores that Python's types have; reading one without a call is no key or undefined. */
    private static final Map<String, Set<String>> PYTHON_ATTRIBUTES = Map.of(
            "str",
            words(
                    "capitalize casefold center count encode endswith expandtabs find format format_map index isalnum isalpha"
                            + " isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join"
                            + " ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust"
                            + " rpartition rsplit rstrip split splitlines startswith strip swapcase title translate upper zfill"),
            "int",
            words(
                    "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real"
                            + " to_bytes"),
            "float",
            words("as_integer_ratio conjugate fromhex from_number hex imag is_integer real"),
            "list",
            words("append clear copy count extend index insert pop remove reverse sort"),
            "tuple",
            words("count index"),
            "dict",
            words("clear copy fromkeys get items keys pop popitem setdefault update values"),
            "range",
            words("count index start step stop"),
            "view",
            words("isdisjoint mapping"),
            "generator",
            words("close gi_code gi_frame gi_running gi_suspended gi_yieldfrom send throw"));

    private Methods() {}

    private static Set<String> words(String words) {
        return Set.of(words.split(" "));
    }

    static boolean isPythonAttribute(Object value, String name) {
        String type = value instanceof Boolean ? "int" : value instanceof DictView ? "view" : Values.typeName(value);
        return PYTHON_ATTRIBUTES.getOrDefault(type, Set.of()).contains(name);
    }

    static boolean isKnown(String name) {
        return StringMethods.TABLE.containsKey(name)
                || LIST.containsKey(name)
                || TUPLE.containsKey(name)
                || DICT.containsKey(name)
                || LOOP.containsKey(name);
    }

    /** @throws EvalException if values of this type have no such method, or it is not supported */
    static Builtin of(Object self, String name) {
        if (self instanceof Undefined undefined) {
            throw undefined.error();
        }
        Builtin method = table(self).get(name);
        if (method == null) {
            throw new EvalException("a " + Values.typeName(self) + " has no method '" + name + "()'");
        }
        return method;
    }

    private static Map<String, Builtin> table(Object self) {
        if (self instanceof String) {
            return StringMethods.TABLE;
        } else if (self instanceof List) {
            return LIST;
        } else if (self instanceof Tuple) {
            return TUPLE;
        } else if (self instanceof Dict) {
            return DICT;
        }
        return self instanceof Loop ? LOOP : Map.of();
    }

    @SuppressWarnings("unchecked") // a list value holds values
    private static List<Object> items(Object self) {
        return (List<Object>) self;
    }

    private static Map<String, Builtin> list() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("append", Builtin.positional("value", (context, self, a) -> {
            context.charge(1);
            items(self).add(a[0]);
            return null;
        }));
        table.put("extend", Builtin.positional("values", (context, self, a) -> {
            items(self).addAll(Iteration.list(context, a[0]));
            return null;
        }));
        table.put("insert", Builtin.positional("index value", (context, self, a) -> {
            context.charge(items(self).size());
            items(self).add(position(Values.integer(a[0]), items(self).size()), a[1]);
            return null;
        }));
        table.put(
                "pop",
                Builtin.positional("index?", (context, self, a) -> pop(context, items(self), orElse(a[0], -1L))));
        table.put("remove", Builtin.positional("value", (context, self, a) -> {
            items(self).remove(index(context, items(self), a[0], 0, items(self).size()));
            return null;
        }));
        table.put("reverse", Builtin.positional("", (context, self, a) -> {
            context.charge(items(self).size());
            Collections.reverse(items(self));
            return null;
        }));
        table.put("copy", Builtin.positional("", (context, self, a) -> Iteration.list(context, self)));
        table.put("clear", Builtin.positional("", (context, self, a) -> {
            items(self).clear();
            return null;
        }));
        table.put("count", Builtin.positional("value", (context, self, a) -> count(context, items(self), a[0])));
        table.put("index", Builtin.positional("value start? stop?", (context, self, a) ->
                (long) index(context, items(self), a)));
        return Map.copyOf(table);
    }

    private static Map<String, Builtin> tuple() {
        return Map.of(
                "count",
                Builtin.positional("value", (context, self, a) -> count(context, ((Tuple) self).items(), a[0])),
                "index",
                Builtin.positional(
                        "value start? stop?", (context, self, a) -> (long) index(context, ((Tuple) self).items(), a)));
    }

    private static Object pop(Context context, List<Object> items, Object index) {
        long i = Values.integer(index);
        i = i < 0 ? i + items.size() : i;
        if (items.isEmpty() || i < 0 || i >= items.size()) {
            throw new EvalException(items.isEmpty() ? "pop from empty list" : "pop index out of range");
        }
        context.charge(items.size() - i);
        return items.remove((int) i);
    }

    private static long count(Context context, List<Object> items, Object value) {
        long count = 0;
        for (Object item : items) {
            count += Values.equal(context, item, value) ? 1 : 0;
        }
        return count;
    }

    private static int index(Context context, List<Object> items, Object[] a) {
        int start = position(Values.integer(orElse(a[1], 0L)), items.size());
        int stop = position(Values.integer(orElse(a[2], (long) items.size())), items.size());
        return index(context, items, a[0], start, stop);
    }

    private static int index(Context context, List<Object> items, Object value, int start, int stop) {
        for (int i = start; i < stop; i++) {
            if (Values.equal(context, items.get(i), value)) {
                return i;
            }
        }
        StringBuilder repr = new StringBuilder();
        Printer.repr(context, value, repr);
        throw new EvalException(shortened(repr) + " is not in list");
    }

    private static String shortened(StringBuilder text) {
        return text.length() <= 80 ? text.toString() : text.substring(0, 80) + "…";
    }

    /** An index that may count from the end, held within [0, length]. */
    static int position(long index, int length) {
        return (int) Math.max(0, Math.min(index < 0 ? index + length : index, length));
    }

    private static Map<String, Builtin> dict() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("keys", Builtin.positional("", (context, self, a) -> new DictView(DictView.Kind.KEYS, (Dict) self)));
        table.put(
                "values",
                Builtin.positional("", (context, self, a) -> new DictView(DictView.Kind.VALUES, (Dict) self)));
        table.put(
                "items", Builtin.positional("", (context, self, a) -> new DictView(DictView.Kind.ITEMS, (Dict) self)));
        table.put("get", Builtin.positional("key otherwise?", (context, self, a) -> {
            Object value = ((Dict) self).get(a[0]);
            return value == Dict.ABSENT ? orElse(a[1], null) : value;
        }));
        table.put("pop", Builtin.positional("key otherwise?", (context, self, a) -> {
            Object value = orElse(((Dict) self).remove(a[0]), a[1]);
            if (value == Dict.ABSENT) {
                throw new EvalException("the dict has no such key to pop");
            }
            return value;
        }));
        table.put("setdefault", Builtin.positional("key otherwise?", (context, self, a) -> {
            Dict dict = (Dict) self;
            if (!dict.containsKey(a[0])) {
                context.charge(1);
                dict.put(a[0], orElse(a[1], null));
            }
            return dict.get(a[0]);
        }));
        table.put("update", Builtin.open((context, self, arguments) -> {
            Dict dict = (Dict) self;
            if (arguments.positional().size() > 1) {
                throw new EvalException("update() takes at most 1 argument without a name");
            }
            for (Object other : arguments.positional()) {
                update(context, dict, other);
            }
            for (int i = 0; i < arguments.names().size(); i++) {
                context.charge(1);
                dict.put(arguments.names().get(i), arguments.named().get(i));
            }
            return null;
        }));
        table.put("copy", Builtin.positional("", (context, self, a) -> {
            Dict copy = new Dict();
            update(context, copy, self);
            return copy;
        }));
        table.put("clear", Builtin.positional("", (context, self, a) -> {
            ((Dict) self).clear();
            return null;
        }));
        return Map.copyOf(table);
    }

    /** Adds the entries of a dict, or of pairs. */
    static void update(Context context, Dict dict, Object other) {
        if (other instanceof Dict more) {
            context.charge(more.size());
            dict.putAll(more);
            return;
        }
        for (Iterator<Object> pairs = Iteration.of(context, other); pairs.hasNext(); ) {
            List<Object> pair = Iteration.list(context, pairs.next());
            if (pair.size() != 2) {
                throw new EvalException("a dict is made of pairs, but got " + pair.size() + " values");
            }
            dict.put(pair.get(0), pair.get(1));
        }
    }
}
