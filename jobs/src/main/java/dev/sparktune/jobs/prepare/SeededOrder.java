package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.split.KeyHash;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Brings examples into a seeded random order. They come record by record, the records in random order already: among some
 * thousands of examples at a time those of one record are spread too. Nothing more is held.
 */
final class SeededOrder {
    /** 8 MB or so of texts. */
    static final int WINDOW = 1 << 13;

    private final String salt;
    private final To to;
    private final List<Placed> window = new ArrayList<>(WINDOW);

    /** Takes the examples in their order. */
    interface To {
        void add(Example example) throws IOException;
    }

    private record Placed(long place, Example example) {}

    SeededOrder(String salt, To to) {
        this.salt = salt + "/order";
        this.to = to;
    }

    void add(Example example) throws IOException {
        window.add(new Placed(KeyHash.of(salt, example.id() + "/" + example.templateId()), example));
        if (window.size() == WINDOW) {
            flush();
        }
    }

    /** Hands on what is left. */
    void flush() throws IOException {
        window.sort(Comparator.comparingLong(Placed::place));
        for (Placed placed : window) {
            to.add(placed.example());
        }
        window.clear();
    }
}
