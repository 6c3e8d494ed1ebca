package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A filter, test, method or global: its parameters and what it does.
 *
 * @param parameters in order
 * @param required how many of them must be given
 * @param style how arguments are matched to them
 */
record Builtin(List<String> parameters, int required, Style style, Body body) {
    enum Style {
        /** By position or by name. */
        NAMED,
        /** By position only, as most methods of Python's types. */
        POSITIONAL,
        /** Any number and any names; the body gets the {@link Arguments} themselves. */
        OPEN
    }

    /** Called with one slot per parameter, {@link Dict#ABSENT} where an optional one was not given. */
    @FunctionalInterface
    interface Fixed {
        Object call(Context context, Object self, Object[] arguments);
    }

    @FunctionalInterface
    interface Body {
        Object call(Context context, Object self, Arguments arguments);
    }

    /** One table of two: {@link Map#of} takes ten entries. */
    static Map<String, Builtin> merged(Map<String, Builtin> first, Map<String, Builtin> second) {
        Map<String, Builtin> all = new HashMap<>(first);
        all.putAll(second);
        return Map.copyOf(all);
    }

    /** @param parameters names separated by spaces; a trailing {@code ?} marks an optional one */
    static Builtin of(String parameters, Fixed body) {
        return fixed(parameters, Style.NAMED, body);
    }

    /** The same, but an argument with a name is an error. */
    static Builtin positional(String parameters, Fixed body) {
        return fixed(parameters, Style.POSITIONAL, body);
    }

    private static Builtin fixed(String parameters, Style style, Fixed body) {
        List<String> names = new ArrayList<>();
        int required = 0;
        for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split(" ")) {
            boolean optional = parameter.endsWith("?");
            names.add(optional ? parameter.substring(0, parameter.length() - 1) : parameter);
            required += optional ? 0 : 1;
        }
        List<String> all = List.copyOf(names);
        return new Builtin(
                all, required, style, (context, self, arguments) -> body.call(context, self, slots(all, arguments)));
    }

    /** Takes any arguments. */
    static Builtin open(Body body) {
        return new Builtin(List.of(), 0, Style.OPEN, body);
    }

    /** @throws EvalException if the arguments do not fit the parameters */
    Object call(String name, Context context, Object self, Arguments arguments) {
        check(name, arguments.positional().size(), arguments.names());
        return body.call(context, self, arguments);
    }

    void check(String name, int positional, List<String> named) {
        if (style == Style.OPEN) {
            return;
        } else if (style == Style.POSITIONAL && !named.isEmpty()) {
            throw new EvalException(name + " takes no arguments with names");
        }
        if (positional > parameters.size()) {
            throw new EvalException(name + " takes at most " + parameters.size() + " arguments, but got " + positional);
        }
        for (String keyword : named) {
            int i = parameters.indexOf(keyword);
            if (i < 0) {
                throw new EvalException(name + " has no argument '" + keyword + "'");
            } else if (i < positional || named.indexOf(keyword) != named.lastIndexOf(keyword)) {
                throw new EvalException(name + " got its argument '" + keyword + "' twice");
            }
        }
        for (int i = positional; i < required; i++) {
            if (!named.contains(parameters.get(i))) {
                throw new EvalException(name + " needs its argument '" + parameters.get(i) + "'");
            }
        }
    }

    private static Object[] slots(List<String> parameters, Arguments arguments) {
        Object[] slots = arguments.positional().toArray(new Object[parameters.size()]);
        Arrays.fill(slots, arguments.positional().size(), slots.length, Dict.ABSENT);
        for (int i = 0; i < arguments.names().size(); i++) {
            slots[parameters.indexOf(arguments.names().get(i))] =
                    arguments.named().get(i);
        }
        return slots;
    }

    static Object orElse(Object argument, Object otherwise) {
        return argument == Dict.ABSENT ? otherwise : argument;
    }
}
