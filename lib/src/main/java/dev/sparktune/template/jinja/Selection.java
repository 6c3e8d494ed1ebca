package dev.sparktune.template.jinja;

import java.util.Iterator;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The filters that apply another filter or a test to each item, when that item is asked for. */
final class Selection {
    static final Map<String, Builtin> TABLE = Map.of(
            "map", Builtin.open(Selection::map),
            "select", Builtin.open((context, self, a) -> select(context, self, a, false, true)),
            "reject", Builtin.open((context, self, a) -> select(context, self, a, false, false)),
            "selectattr", Builtin.open((context, self, a) -> select(context, self, a, true, true)),
            "rejectattr", Builtin.open((context, self, a) -> select(context, self, a, true, false)));

    private Selection() {}

    private static OneShot map(Context context, Object self, Arguments arguments) {
        context.charge(16);
        return Iteration.lazily(() -> {
            if (!Values.truth(self)) {
                return () -> Generator.END;
            }
            UnaryOperator<Object> change = mapping(context, arguments);
            Iterator<Object> items = Iteration.of(context, self);
            return () -> items.hasNext() ? change.apply(items.next()) : Generator.END;
        });
    }

    private static UnaryOperator<Object> mapping(Context context, Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            Object attribute = arguments.named("attribute");
            boolean unknown =
                    arguments.names().stream().anyMatch(name -> !name.equals("attribute") && !name.equals("default"));
            if (attribute == Dict.ABSENT || unknown) {
                throw new EvalException("the filter 'map' needs a filter's name, or attribute and at most default");
            }
            AttributePath path = AttributePath.of(attribute);
            Object otherwise = Builtin.orElse(arguments.named("default"), null);
            return item -> path.get(context, item, otherwise);
        }
        String name = StringMethods.text(arguments.positional().get(0));
        Builtin filter = context.dialect().filters().get(name);
        if (filter == null) {
            throw new EvalException("the filter '" + name + "' is not supported");
        }
        Arguments rest = arguments.from(1);
        return item -> filter.call("the filter '" + name + "'", context, item, rest);
    }

    /**
     * @param byAttribute whether the first argument names an attribute to test instead of the item
     * @param keep whether items that pass are kept, or those that fail
     */
    private static OneShot select(
            Context context, Object self, Arguments arguments, boolean byAttribute, boolean keep) {
        context.charge(16);
        return Iteration.lazily(() -> {
            if (!Values.truth(self)) {
                return () -> Generator.END;
            }
            UnaryOperator<Object> passes = testing(context, arguments, byAttribute);
            Iterator<Object> items = Iteration.of(context, self);
            return () -> {
                while (items.hasNext()) {
                    Object item = items.next();
                    if (Values.truth(passes.apply(item)) == keep) {
                        return item;
                    }
                }
                return Generator.END;
            };
        });
    }

    private static UnaryOperator<Object> testing(Context context, Arguments arguments, boolean byAttribute) {
        int given = arguments.positional().size();
        if (byAttribute && given == 0) {
            throw new EvalException("the name of an attribute is missing");
        }
        AttributePath path =
                byAttribute ? AttributePath.of(arguments.positional().get(0)) : null;
        UnaryOperator<Object> tested = path == null ? item -> item : item -> path.get(context, item);
        int skip = byAttribute ? 1 : 0;
        if (given == skip) {
            return tested;
        }
        String name = StringMethods.text(arguments.positional().get(skip));
        Builtin test = Tests.TABLE.get(name);
        if (test == null) {
            throw new EvalException("the test '" + name + "' is not supported");
        }
        Arguments rest = arguments.from(skip + 1);
        return item -> test.call("the test '" + name + "'", context, tested.apply(item), rest);
    }
}
