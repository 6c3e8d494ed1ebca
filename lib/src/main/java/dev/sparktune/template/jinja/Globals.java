package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The functions a template can call by name. */
final class Globals {
    static final Map<String, Builtin> TABLE = Map.of(
            "range", Builtin.positional("start stop? step?", (context, self, a) -> range(context, a)),
            "namespace", Builtin.open((context, self, arguments) -> namespace(context, arguments)),
            "dict", Builtin.open((context, self, arguments) -> dict(context, "dict()", arguments)),
            "cycler",
                    Builtin.open((context, self, arguments) -> {
                        if (!arguments.names().isEmpty()) {
                            throw new EvalException("cycler() takes no arguments with names");
                        }
                        return new Cycler(arguments.positional());
                    }),
            "joiner", Builtin.of("sep?", (context, self, a) -> new Joiner(Builtin.orElse(a[0], ", "))));

    static final Builtin ZIP = Builtin.open((context, self, arguments) -> zip(context, arguments));

    private Globals() {}

    private static Range range(Context context, Object[] a) {
        long first = Values.integer(a[0]);
        Range range = a[1] == Dict.ABSENT
                ? new Range(0, first, 1)
                : new Range(first, Values.integer(a[1]), Values.integer(Builtin.orElse(a[2], 1L)));
        long most = context.dialect().maxRange();
        if (range.length() > most) {
            throw new EvalException("Range too big. The maximum for this kind of template is " + most);
        }
        return range;
    }

    static Namespace namespace(Context context, Arguments arguments) {
        Namespace namespace = new Namespace(new LinkedHashMap<>());
        Dict attributes = dict(context, "namespace()", arguments);
        for (Iterator<Dict.Entry> entries = attributes.iterator(); entries.hasNext(); ) {
            Dict.Entry entry = entries.next();
            if (!(entry.key() instanceof String name)) {
                throw new EvalException("a namespace's attribute has no text as its name");
            } else if (context.dialect().immutable() && name.startsWith("_")) {
                throw new EvalException("a namespace has no attribute '" + name + "' that could be set");
            }
            namespace.attributes().put(name, entry.value());
        }
        return namespace;
    }

    private static Dict dict(Context context, String name, Arguments arguments) {
        Dict dict = new Dict();
        DictMethods.update(context, dict, name, arguments);
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
        boolean[] ended = {columns.isEmpty()};
        return Generator.of(() -> {
            Object[] row = new Object[columns.size()];
            for (int i = 0; i < row.length && !ended[0]; i++) {
                ended[0] = !columns.get(i).hasNext();
                row[i] = ended[0] ? null : columns.get(i).next();
            }
            return ended[0] ? Generator.END : Tuple.of(row);
        });
    }
}
