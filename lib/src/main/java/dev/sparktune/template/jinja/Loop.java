package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Jinja's {@code loop} inside a for. */
final class Loop implements Invocable {
    static final Map<String, Builtin> METHODS = Map.of(
            "cycle",
            Builtin.open((context, self, arguments) -> ((Loop) self).cycle(arguments)),
            "changed",
            Builtin.open((context, self, arguments) -> ((Loop) self).changed(context, arguments)));

    private static final Object NOTHING = new Object();

    private final Object iterable;
    private final Again again;
    private final long depth0;
    private Iterator<Object> rest;
    private Object previous = NOTHING;
    private Object current = NOTHING;
    private Object next = NOTHING;
    private Object lastValues = NOTHING;
    private long index0 = -1;
    private long length = -1;

    /** Renders the loop over other items, for a loop marked {@code recursive}. */
    @FunctionalInterface
    interface Again {
        String render(Context context, Object items, long depth0);
    }

    /**
     * @param rest the items of {@code iterable}, or those of them that the loop's condition lets through
     * @param again null for a loop that is not recursive
     * @param depth0 how many times the loop has been called inside itself
     */
    Loop(Object iterable, Iterator<Object> rest, Again again, long depth0) {
        this.iterable = iterable;
        this.rest = rest;
        this.again = again;
        this.depth0 = depth0;
    }

    boolean hasNext() {
        return next != NOTHING || rest.hasNext();
    }

    Object advance() {
        Object item = next != NOTHING ? next : rest.next();
        next = NOTHING;
        previous = current;
        current = item;
        index0++;
        return item;
    }

    Object attribute(String name) {
        return switch (name) {
            case "index" -> index0 + 1;
            case "index0" -> index0;
            case "revindex" -> length() - index0;
            case "revindex0" -> length() - index0 - 1;
            case "first" -> index0 == 0;
            case "last" -> !hasNext();
            case "length" -> length();
            case "depth" -> depth0 + 1;
            case "depth0" -> depth0;
            case "previtem" -> previous == NOTHING ? new Undefined("there is no previous item") : previous;
            case "nextitem" -> nextItem();
            case "cycle", "changed" -> new BoundMethod(this, name);
            default -> {
                if (name.startsWith("_")) {
                    throw new EvalException("'loop." + name + "' is not supported");
                }
                yield new Undefined("'LoopContext' object has no attribute '" + name + "'");
            }
        };
    }

    private Object cycle(Arguments values) {
        if (values.positional().isEmpty() || !values.names().isEmpty()) {
            throw new EvalException("no items for cycling given");
        }
        return values.positional().get((int) (index0 % values.positional().size()));
    }

    private boolean changed(Context context, Arguments values) {
        Tuple now = new Tuple(values.positional());
        boolean changed = lastValues == NOTHING || !Values.equal(context, lastValues, now);
        lastValues = now;
        return changed;
    }

    private Object nextItem() {
        if (next == NOTHING && rest.hasNext()) {
            next = rest.next();
        }
        return next == NOTHING ? new Undefined("there is no next item") : next;
    }

    /** Of what has no length, the rest is read ahead to count it. */
    long length() {
        if (length < 0 && Values.isSized(iterable)) {
            length = Values.length(iterable);
        } else if (length < 0) {
            List<Object> ahead = new ArrayList<>();
            rest.forEachRemaining(ahead::add);
            rest = ahead.iterator();
            length = ahead.size() + index0 + 1 + (next == NOTHING ? 0 : 1);
        }
        return length;
    }

    @Override
    public Object call(Context context, Arguments arguments) {
        if (again == null) {
            throw new EvalException("The loop must have the 'recursive' marker to be called recursively.");
        } else if (arguments.positional().size() != 1 || !arguments.names().isEmpty()) {
            throw new EvalException("loop() takes the items of the inner loop and nothing else");
        }
        return again.render(context, arguments.positional().get(0), depth0 + 1);
    }

    @Override
    public String typeName() {
        return "LoopContext";
    }
}
