package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The arguments of one call. Values may be null (None).
 *
 * @param positional their values in order
 * @param names names of the keyword arguments
 * @param named values of the keyword arguments, in the order of {@code names}
 */
record Arguments(List<Object> positional, List<String> names, List<Object> named) {
    static final Arguments NONE = new Arguments(List.of(), List.of(), List.of());

    boolean isEmpty() {
        return positional.isEmpty() && names.isEmpty();
    }

    /** The value of a keyword argument, or ABSENT. */
    Object named(String name) {
        int i = names.indexOf(name);
        return i < 0 ? Dict.ABSENT : named.get(i);
    }

    /** All but the first {@code count} positional arguments. */
    Arguments from(int count) {
        return new Arguments(positional.subList(count, positional.size()), names, named);
    }

    /** These and one more with a name. */
    Arguments with(String name, Object value) {
        if (names.contains(name)) {
            throw new EvalException("got multiple values for keyword argument '" + name + "'");
        }
        List<String> allNames = new ArrayList<>(names);
        allNames.add(name);
        List<Object> allNamed = new ArrayList<>(named);
        allNamed.add(value);
        return new Arguments(positional, allNames, allNamed);
    }

    /** These and the entries of a dict, as {@code **dict} gives them. */
    Arguments withNamed(Context context, Dict dict) {
        context.charge((long) dict.size() * dict.size());
        Arguments all = this;
        for (Iterator<Dict.Entry> entries = dict.iterator(); entries.hasNext(); ) {
            Dict.Entry entry = entries.next();
            if (!(entry.key() instanceof String name)) {
                throw new EvalException("keywords must be strings");
            }
            all = all.with(name, entry.value());
        }
        return all;
    }

    /** The names and values of the keyword arguments as a dict. */
    Dict toDict() {
        Dict dict = new Dict();
        for (int i = 0; i < names.size(); i++) {
            dict.put(names.get(i), named.get(i));
        }
        return dict;
    }
}
