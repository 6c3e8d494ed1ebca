package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Jinja's {@code loop} inside a for. */
final class Loop {
    private static final Object NOTHING = new Object();

    private final Object iterable;
    private Iterator<Object> rest;
    private Object previous = NOTHING;
    private Object current = NOTHING;
    private Object next = NOTHING;
    private long index0 = -1;
    private long length = -1;

    /** @param rest the items of {@code iterable}, or those of them that the loop's condition lets through */
    Loop(Object iterable, Iterator<Object> rest) {
        this.iterable = iterable;
        this.rest = rest;
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
            case "previtem" -> previous == NOTHING ? new Undefined("there is no previous item") : previous;
            case "nextitem" -> nextItem();
            default ->
                throw new EvalException("'loop." + name + "' is not supported; known are index, index0, revindex,"
                        + " revindex0, first, last, length, previtem, nextitem and cycle()");
        };
    }

    Object cycle(List<Object> values) {
        if (values.isEmpty()) {
            throw new EvalException("no items for cycling given");
        }
        return values.get((int) (index0 % values.size()));
    }

    private Object nextItem() {
        if (next == NOTHING && rest.hasNext()) {
            next = rest.next();
        }
        return next == NOTHING ? new Undefined("there is no next item") : next;
    }

    /** Of what has no length, the rest is read ahead to count it. */
    private long length() {
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
}
