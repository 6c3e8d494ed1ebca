package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** The filters that apply another filter or a test to each item: map, select, reject, selectattr, rejectattr. */
final class Selection {
    private Selection() {}

    static OneShot map(Context context, Object self, Arguments arguments) {
        UnaryOperator<Object> change = mapping(context, arguments);
        List<Object> mapped = new ArrayList<>();
        if (Values.truth(self)) {
            for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
                mapped.add(change.apply(items.next()));
            }
        }
        return new OneShot(mapped.iterator());
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
        Builtin filter = Filters.TABLE.get(name);
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
    static OneShot select(Context context, Object self, Arguments arguments, boolean byAttribute, boolean keep) {
        int given = arguments.positional().size();
        if (byAttribute && given == 0) {
            throw new EvalException("the name of an attribute is missing");
        }
        AttributePath path =
                byAttribute ? AttributePath.of(arguments.positional().get(0)) : null;
        int skip = byAttribute ? 1 : 0;
        String name = given > skip ? StringMethods.text(arguments.positional().get(skip)) : null;
        Builtin test = name == null ? null : Tests.TABLE.get(name);
        if (name != null && test == null) {
            throw new EvalException("the test '" + name + "' is not supported");
        }
        Arguments rest = name == null ? Arguments.NONE : arguments.from(skip + 1);
        List<Object> selected = new ArrayList<>();
        if (Values.truth(self)) {
            for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); ) {
                Object item = items.next();
                Object tested = path == null ? item : path.get(context, item);
                Object passes = test == null ? tested : test.call("the test '" + name + "'", context, tested, rest);
                if (Values.truth(passes) == keep) {
                    selected.add(item);
                }
            }
        }
        return new OneShot(selected.iterator());
    }
}
