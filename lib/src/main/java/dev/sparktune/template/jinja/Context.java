package dev.sparktune.template.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** One render under way: its variables, its budget, its random draws and the line it is on. Used by one thread. */
final class Context {
    private static final Object MISSING = new Object();

    private final Row row;
    private final Limits limits;
    private final long seed;
    private final String end;
    private SplittableRandom draws;
    private Scope scope = new Scope(null);
    private long steps;
    private int depth;
    private int line = 1;

    /** @param end a text after which nothing more is rendered; null for none */
    Context(Row row, long seed, Limits limits, String end) {
        this.row = row;
        this.seed = seed;
        this.limits = limits;
        this.end = end;
    }

    private static final class Scope {
        private final Scope outer;
        private Map<String, Object> variables;

        Scope(Scope outer) {
            this.outer = outer;
        }
    }

    /** What is set from here on is forgotten by the {@link #leaveScope} that follows. */
    void enterScope() {
        scope = new Scope(scope);
    }

    void leaveScope() {
        scope = scope.outer;
    }

    void set(String name, Object value) {
        if (scope.variables == null) {
            scope.variables = new HashMap<>();
        }
        scope.variables.put(name, value);
    }

    /** The value of the innermost variable of this name, else the row's, else {@code otherwise}. */
    Object get(String name, Object otherwise) {
        for (Scope s = scope; s != null; s = s.outer) {
            if (s.variables != null) {
                Object value = s.variables.getOrDefault(name, MISSING);
                if (value != MISSING) {
                    return value;
                }
            }
        }
        return row.get(name, otherwise);
    }

    void charge(long more) {
        steps += more;
        if (steps > limits.maxSteps()) {
            throw new EvalException("took more than " + limits.maxSteps()
                    + " steps (loop turns, items visited, characters made): is a loop too long?");
        }
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
