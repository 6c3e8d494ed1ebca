package dev.sparktune.jobs.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Brings examples into a seeded random order. They come record by record, the records in random order already: among some
 * thousands of examples at a time those of one record are spread too. Nothing more is held.
 */
final class SeededOrder<T> {
    /** A power of two; 2 MB or so of texts: what a core's cache holds. */
    private static final int WINDOW = 1 << 11;

    private final To<T> to;
    private final List<T> window = new ArrayList<>(WINDOW);
    /** Of each example in the window: its random place, in the last bits its index. */
    private final long[] places = new long[WINDOW];

    /** Takes the examples in their order. */
    interface To<T> {
        void add(T example) throws IOException;
    }

    SeededOrder(To<T> to) {
        this.to = to;
    }

    /** @param hash by which the example is ordered */
    void add(long hash, T example) throws IOException {
        int index = window.size();
        places[index] = hash & -WINDOW | index;
        window.add(example);
        if (window.size() == WINDOW) {
            flush();
        }
    }

    /** Hands on what is left. */
    void flush() throws IOException {
        int size = window.size();
        Arrays.sort(places, 0, size);
        for (int i = 0; i < size; i++) {
            to.add(window.get((int) places[i] & WINDOW - 1));
        }
        window.clear();
    }
}
