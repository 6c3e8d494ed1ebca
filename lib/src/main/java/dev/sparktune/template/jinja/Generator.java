package dev.sparktune.template.jinja;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Supplier;

/** Items made one by one when they are asked for, as a Python generator makes them. */
final class Generator implements Iterator<Object> {
    /** What the source answers when there are no more items. */
    static final Object END = new Object();

    private final Supplier<Object> source;
    private Object next;
    private boolean known;

    private Generator(Supplier<Object> source) {
        this.source = source;
    }

    static OneShot of(Supplier<Object> source) {
        return new OneShot(new Generator(source));
    }

    @Override
    public boolean hasNext() {
        if (!known) {
            next = source.get();
            known = true;
        }
        return next != END;
    }

    @Override
    public Object next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        known = false;
        return next;
    }
}
