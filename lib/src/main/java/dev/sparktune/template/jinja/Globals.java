package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/** The functions a template can call by name. */
final class Globals {
    static final Map<String, Builtin> TABLE = Map.of(
            "range", Builtin.positional("start stop? step?", (context, self, a) -> range(a)),
            "namespace", Builtin.open((context, self, arguments) -> namespace(arguments)),
            "dict", Builtin.open((context, self, arguments) -> dict(context, arguments)),
            "zip", Builtin.open((context, self, arguments) -> zip(context, arguments)));

    /** Of Jinja's own and PromptSource's functions: a row without such a column has a function there, not undefined. */
    static final Set<String> NAMES = Set.of("range", "namespace", "dict", "zip", "lipsum", "cycler", "joiner", "self");

    private Globals() {}

    private static Range range(Object[] a) {
        long first = Values.integer(a[0]);
        if (a[1] == Dict.ABSENT) {
            return new Range(0, first, 1);
        }
        return new Range(first, Values.integer(a[1]), Values.integer(Builtin.orElse(a[2], 1L)));
    }

    private static Namespace namespace(Arguments arguments) {
        if (!arguments.positional().isEmpty()) {
            throw new EvalException("namespace() takes only arguments with names here");
        }
        Map<String, Object> attributes = new LinkedHashMap<>();
        for (int i = 0; i < arguments.names().size(); i++) {
            attributes.put(arguments.names().get(i), arguments.named().get(i));
        }
        return new Namespace(attributes);
    }

    private static Dict dict(Context context, Arguments arguments) {
        Dict dict = new Dict();
        if (arguments.positional().size() > 1) {
            throw new EvalException("dict() takes at most 1 argument without a name");
        }
        for (Object start : arguments.positional()) {
            Methods.update(context, dict, start);
        }
        for (int i = 0; i < arguments.names().size(); i++) {
            dict.put(arguments.names().get(i), arguments.named().get(i));
        }
        return dict;
    }

    private static OneShot zip(Context context, Arguments arguments) {
        if (!arguments.names().isEmpty()) {
            throw new EvalException("zip() takes no arguments with names here");
        }
        List<Iterator<Object>> columns = new ArrayList<>();
        for (Object column : arguments.positional()) {
            columns.add(Iteration.of(context, column));
        }
        return new OneShot(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return !columns.isEmpty() && columns.stream().allMatch(Iterator::hasNext);
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                return Tuple.of(columns.stream().map(Iterator::next).toArray());
            }
        });
    }
}
