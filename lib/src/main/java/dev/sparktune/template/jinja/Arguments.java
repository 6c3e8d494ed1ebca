package dev.sparktune.template.jinja;

import java.util.List;

/**
 * The arguments of one call.
 *
 * @param positional their values in order
 * @param names names of the keyword arguments
 * @param named values of the keyword arguments, in the order of {@code names}
 */
record Arguments(Object[] positional, List<String> names, Object[] named) {
    static final Arguments NONE = new Arguments(new Object[0], List.of(), new Object[0]);

    /** The value of a keyword argument, or ABSENT. */
    Object named(String name) {
        int i = names.indexOf(name);
        return i < 0 ? Dict.ABSENT : named[i];
    }

    /** All but the first {@code count} positional arguments. */
    Arguments from(int count) {
        return new Arguments(java.util.Arrays.copyOfRange(positional, count, positional.length), names, named);
    }
}
