package dev.sparktune.template.jinja;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the text of one scope does with names, in its order. Jinja decides when a template is read where a name belongs: one
 * that a scope sets before it reads it is undefined in there until then, whatever the row has; {@code {% for i in l %}{{ x
 * }}{% endfor %}{% set x = 1 %}} prints nothing.
 */
final class Frame {
    private static final Set<String> CALL_NAMES = Set.of("caller", "varargs", "kwargs");

    private final Frame outer;
    private final boolean called;
    private final Set<String> used = new HashSet<>();
    private Set<String> known = new HashSet<>();
    private Set<String> setFirst = new HashSet<>();

    /** @param called whether it is the body of a macro or call block */
    Frame(Frame outer, boolean called) {
        this.outer = outer;
        this.called = called;
    }

    Frame outer() {
        return outer;
    }

    void read(String name) {
        known.add(name);
        if (CALL_NAMES.contains(name)) {
            for (Frame frame = this; frame != null; frame = frame.outer) {
                frame.used.add(name);
            }
        }
    }

    void set(String name) {
        if (known.add(name)) {
            setFirst.add(name);
        }
    }

    /** A name that has a value when the scope begins. */
    void parameter(String name) {
        known.add(name);
        setFirst.remove(name);
    }

    /** Whether one of {@code caller}, {@code varargs} and {@code kwargs} is read in here. */
    boolean uses(String name) {
        return called && used.contains(name);
    }

    /** Branches of which one at most runs: what they set keeps its outer value where they do not. */
    Branches branches() {
        return new Branches();
    }

    final class Branches {
        private final Set<String> before = Set.copyOf(known);
        private final Set<String> setBefore = Set.copyOf(setFirst);
        private final Set<String> all = new HashSet<>(before);

        /** To be called behind each branch. */
        void end() {
            all.addAll(known);
            known = new HashSet<>(before);
            setFirst = new HashSet<>(setBefore);
        }

        /** To be called behind the last. */
        void join() {
            known = all;
        }
    }

    /** The names that are undefined when the scope begins; complete when the whole template has been read. */
    List<String> hidden() {
        return setFirst.stream().filter(name -> !isKnownOutside(name)).sorted().toList();
    }

    private boolean isKnownOutside(String name) {
        for (Frame frame = outer; frame != null; frame = frame.outer) {
            if (frame.known.contains(name)) {
                return true;
            }
        }
        return false;
    }
}
