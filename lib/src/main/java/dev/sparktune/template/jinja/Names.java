package dev.sparktune.template.jinja;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** What the text read so far does with names: the scope it is in, and which names are called and which set anywhere. */
final class Names {
    private static final Set<String> GIVEN = Set.of("loop", "caller", "varargs", "kwargs");

    private final Map<String, Integer> read = new LinkedHashMap<>();
    private final Set<String> optional = new HashSet<>();
    private final Set<String> set = new HashSet<>();
    private final Map<String, Integer> called = new LinkedHashMap<>();
    private final Map<String, Integer> methods = new LinkedHashMap<>();
    private boolean macros;
    private Frame frame = new Frame(null, false);

    Frame frame() {
        return frame;
    }

    Frame enter(boolean called) {
        frame = new Frame(frame, called);
        return frame;
    }

    /** Goes on with a scope that was left before. */
    void enter(Frame again) {
        frame = again;
    }

    void leave() {
        frame = frame.outer();
    }

    void read(String name, int line) {
        read.putIfAbsent(name, line);
        frame.read(name);
    }

    /** The template says what to do where there is no such variable. */
    void optional(String name) {
        optional.add(name);
    }

    void set(String name) {
        set.add(name);
        frame.set(name);
    }

    void parameter(String name) {
        set.add(name);
        frame.parameter(name);
    }

    void macro(String name) {
        macros = true;
        set(name);
    }

    void call(String name, int line) {
        called.putIfAbsent(name, line);
    }

    /** Notes a call of a method that no value of Python's types has here. */
    void method(String name, int line) {
        methods.putIfAbsent(name, line);
    }

    /** What only the row can give: name to line where it is first asked for, in that order. */
    Map<String, Integer> fields(Set<String> functions) {
        Map<String, Integer> fields = new LinkedHashMap<>(read);
        fields.keySet().removeAll(set);
        fields.keySet().removeAll(optional);
        fields.keySet().removeAll(functions);
        fields.keySet().removeAll(GIVEN);
        return Collections.unmodifiableMap(fields);
    }

    /** @throws SyntaxException for a call of what is no function and nowhere set: no value of a row can be called */
    void checkCalls(Set<String> functions) {
        called.forEach((name, line) -> {
            boolean known = functions.contains(name) || set.contains(name) || GIVEN.contains(name);
            if (!known) {
                throw new SyntaxException(line, "the function '" + name + "()' is not supported");
            }
        });
        methods.forEach((name, line) -> {
            if (!macros) { // which can be attributes of a namespace
                throw new SyntaxException(line, "the method '" + name + "()' is not supported");
            }
        });
    }
}
