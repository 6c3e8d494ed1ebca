package dev.sparktune.model;

/** Checks of a configuration's numbers, under their names in {@code config.json}. */
final class Bounds {
    private Bounds() {}

    static void atLeast(String name, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
    }

    static void atMost(String name, long value, long bound) {
        if (value > bound) {
            throw new IllegalArgumentException(name + " must be at most " + bound + ", but is " + value);
        }
    }
}
