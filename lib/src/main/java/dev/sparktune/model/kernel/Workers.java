package dev.sparktune.model.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Splits work over threads so that the result does not depend on which of them runs what: ranges are cut by their number
 * alone. The threads are those of the common pool and the caller's: none to start, none to stop.
 */
final class Workers {
    /** Work on the range {@code [from, to)}. */
    @FunctionalInterface
    interface RangeTask {
        void run(int from, int to);
    }

    /** Work on one item; {@code worker} is below the number of workers, and no two at a time share it. */
    @FunctionalInterface
    interface ItemTask {
        void run(int worker, int item);
    }

    /** Below this many elements touched, waking a thread costs more than it saves. */
    private static final long WORTH_A_THREAD = 1 << 14;

    private final int count;

    Workers(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("threads must be at least 1, but is " + count);
        }
        this.count = count;
    }

    int count() {
        return count;
    }

    /** Cuts {@code [0, length)} into one range per worker. {@code costOfOne}: elements touched per step of the range. */
    void ranges(int length, long costOfOne, RangeTask task) {
        if (count == 1 || length < count || length * costOfOne < WORTH_A_THREAD) {
            task.run(0, length);
            return;
        }
        IntStream.range(0, count).parallel().forEach(w -> task.run(start(length, w), start(length, w + 1)));
    }

    private int start(int length, int worker) {
        return (int) ((long) length * worker / count);
    }

    /** Each worker takes the next item when it is done with one: for items of different sizes that do not touch. */
    void items(int items, long costOfOne, ItemTask task) {
        if (count == 1 || items < 2 || items * costOfOne < WORTH_A_THREAD) {
            for (int i = 0; i < items; i++) {
                task.run(0, i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        IntStream.range(0, count).parallel().forEach(w -> {
            for (int i = next.getAndIncrement(); i < items; i = next.getAndIncrement()) {
                task.run(w, i);
            }
        });
    }
}
