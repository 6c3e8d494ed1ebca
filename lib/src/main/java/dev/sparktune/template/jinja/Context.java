package dev.sparktune.template.jinja;

import java.util.SplittableRandom;

/** One render under way: its variables, its budget, its random draws and the line it is on. Used by one thread. */
final class Context {
    private final Row row;
    private final Dialect dialect;
    private final Limits limits;
    private final long seed;
    private final String end;
    private SplittableRandom draws;
    private Scope scope = new Scope(null);
    private Leave leave = Leave.NOTHING;
    private long steps;
    private int depth;
    private int calls;
    private int line = 1;

    /** What a loop's body asks for beside its end. */
    enum Leave {
        NOTHING,
        ITERATION,
        LOOP
    }

    /** @param end a text after which nothing more is rendered; null for none */
    Context(Row row, long seed, Dialect dialect, Limits limits, String end) {
        this.row = row;
        this.seed = seed;
        this.dialect = dialect;
        this.limits = limits;
        this.end = end;
    }

    Dialect dialect() {
        return dialect;
    }

    /** What is set from here on is forgotten by the {@link #leaveScope} that follows. */
    void enterScope() {
        scope = new Scope(scope);
    }

    void leaveScope() {
        scope = scope.outer();
    }

    Scope scope() {
        return scope;
    }

    /** Goes on in a scope inside of the given one, for a macro or a loop called again; the result is for {@link #leaveCall}. */
    Scope enterCall(Scope outer) {
        if (++calls > limits.maxDepth()) {
            throw new EvalException("macros or recursive loops are called more than " + limits.maxDepth() + " deep");
        }
        Scope caller = scope;
        scope = new Scope(outer);
        return caller;
    }

    void leaveCall(Scope caller) {
        calls--;
        scope = caller;
    }

    void set(String name, Object value) {
        scope.set(name, value);
    }

    /** The value of the innermost variable of this name, else the row's, else Jinja's function, else {@code otherwise}. */
    Object get(String name, Object otherwise) {
        for (Scope s = scope; s != null; s = s.outer()) {
            Object value = s.get(name);
            if (value != Dict.ABSENT) {
                return value;
            }
        }
        Object value = row.get(name, Dict.ABSENT);
        return value != Dict.ABSENT ? value : global(name, otherwise);
    }

    private Object global(String name, Object otherwise) {
        Object function = dialect.functions().get(name);
        return function == null ? otherwise : function;
    }

    void leave(Leave what) {
        leave = what;
    }

    boolean leaving() {
        return leave != Leave.NOTHING;
    }

    /** What was to be left, which is done with it. */
    Leave left() {
        Leave left = leave;
        leave = Leave.NOTHING;
        return left;
    }

    void charge(long more) {
        if (more > limits.maxSteps() - steps) {
            throw new EvalException("took more than " + limits.maxSteps()
                    + " steps (loop turns, items visited, characters made): is a loop too long?");
        }
        steps += more;
    }

    /** A pass over a text that makes nothing, such as counting its characters or comparing it: far less than a step each. */
    void chargeScan(String text) {
        charge(text.length() >> 6);
    }

    /** A search for one text in another, which at worst compares every character of the one with every one of the other. */
    void chargeSearch(String text, String part) {
        charge((text.length() >> 6) + (((long) text.length() * part.length()) >> 10));
    }

    void checkOutput(StringBuilder out) {
        if (out.length() > limits.maxOutput()) {
            throw new EvalException("the text is longer than " + limits.maxOutput() + " characters");
        }
    }

    /** Whether the text that ends the rendering has been written. */
    boolean ended(StringBuilder out) {
        if (end == null) {
            return false;
        }
        charge(out.length() >> 6); // as of a scan
        return out.indexOf(end) >= 0;
    }

    void deeper() {
        if (++depth > limits.maxDepth()) {
            throw new EvalException("a value is nested more than " + limits.maxDepth() + " deep");
        }
    }

    void shallower() {
        depth--;
    }

    /** A number in [0, bound), the next of the sequence that the seed determines. */
    int draw(int bound) {
        if (draws == null) {
            draws = new SplittableRandom(seed);
        }
        return draws.nextInt(bound);
    }

    void at(int line) {
        this.line = line;
    }

    int line() {
        return line;
    }
}
