package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The methods of Python's dict. */
final class DictMethods {
    static final Set<String> MUTATING = Set.of("clear", "pop", "popitem", "setdefault", "update");

    static final Map<String, Builtin> TABLE = Builtin.merged(
            Map.of(
                    "keys", view(DictView.Kind.KEYS),
                    "values", view(DictView.Kind.VALUES),
                    "items", view(DictView.Kind.ITEMS),
                    "get",
                            Builtin.positional("key otherwise?", (context, self, a) -> {
                                Object value = ((Dict) self).get(a[0]);
                                return value == Dict.ABSENT ? orElse(a[1], null) : value;
                            }),
                    "copy",
                            Builtin.positional("", (context, self, a) -> {
                                Dict copy = new Dict();
                                update(context, copy, self);
                                return copy;
                            })),
            Map.of(
                    "pop",
                    Builtin.positional("key otherwise?", (context, self, a) -> {
                        Object value = orElse(((Dict) self).remove(a[0]), a[1]);
                        if (value == Dict.ABSENT) {
                            throw new EvalException("the dict has no such key to pop");
                        }
                        return value;
                    }),
                    "popitem",
                    Builtin.positional("", (context, self, a) -> popItem(context, (Dict) self)),
                    "setdefault",
                    Builtin.positional("key otherwise?", (context, self, a) -> {
                        Dict dict = (Dict) self;
                        if (!dict.containsKey(a[0])) {
                            context.charge(1);
                            dict.put(a[0], orElse(a[1], null));
                        }
                        return dict.get(a[0]);
                    }),
                    "update",
                    Builtin.open((context, self, arguments) -> {
                        update(context, (Dict) self, "update()", arguments);
                        return null;
                    }),
                    "clear",
                    Builtin.positional("", (context, self, a) -> {
                        ((Dict) self).clear();
                        return null;
                    })));

    private DictMethods() {}

    private static Builtin view(DictView.Kind kind) {
        return Builtin.positional("", (context, self, a) -> new DictView(kind, (Dict) self));
    }

    private static Tuple popItem(Context context, Dict dict) {
        List<Object> keys = Iteration.list(context, dict);
        if (keys.isEmpty()) {
            throw new EvalException("popitem(): dictionary is empty");
        }
        Object last = keys.get(keys.size() - 1);
        return Tuple.of(last, dict.remove(last));
    }

    /** Adds what {@code dict(…)} and {@code update(…)} take: at most one dict or list of pairs, and names with values. */
    static void update(Context context, Dict dict, String name, Arguments arguments) {
        if (arguments.positional().size() > 1) {
            throw new EvalException(name + " takes at most 1 argument without a name");
        }
        for (Object other : arguments.positional()) {
            update(context, dict, other);
        }
        for (int i = 0; i < arguments.names().size(); i++) {
            context.charge(1);
            dict.put(arguments.names().get(i), arguments.named().get(i));
        }
    }

    private static void update(Context context, Dict dict, Object other) {
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
