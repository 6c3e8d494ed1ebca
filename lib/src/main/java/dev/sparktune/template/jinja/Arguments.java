package dev.sparktune.template.jinja;

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

    /** The value of a keyword argument, or ABSENT. */
    Object named(String name) {
        int i = names.indexOf(name);
        return i < 0 ? Dict.ABSENT : named.get(i);
    }

    /** All but the first {@code count} positional arguments. */
    Arguments from(int count) {
        return new Arguments(positional.subList(count, positional.size()), names, named);
    }
}
