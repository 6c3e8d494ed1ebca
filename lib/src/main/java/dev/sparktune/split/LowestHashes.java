package dev.sparktune.split;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The lowest of any number of different hashes, in no more memory than those take. Which they are depends neither on the order
 * of adding nor on how the hashes were dealt to several of these before {@link #addAll}.
 */
public final class LowestHashes implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int FIRST_CAPACITY = 64;

    private final int most;
    /** A heap with the highest in front. */
    private long[] heap;

    private int size;
    private long seen;

    /** @param most hashes that are kept, at least 0 */
    public LowestHashes(int most) {
        if (most < 0) {
            throw new IllegalArgumentException("most must be at least 0, it is " + most);
        }
        this.most = most;
        this.heap = new long[Math.min(most, FIRST_CAPACITY)];
    }

    public void add(long hash) {
        seen++;
        keep(hash);
    }

    public void addAll(LowestHashes other) {
        seen += other.seen;
        for (int i = 0; i < other.size; i++) {
            keep(other.heap[i]);
        }
    }

    /** How many were added in all. */
    public long seen() {
        return seen;
    }

    /** Ascending. */
    public long[] sorted() {
        long[] sorted = Arrays.copyOf(heap, size);
        Arrays.sort(sorted);
        return sorted;
    }

    private void keep(long hash) {
        if (size < most) {
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, (int) Math.min(most, 2L * size));
            }
            rise(size++, hash);
        } else if (most > 0 && hash < heap[0]) {
            sink(hash);
        }
    }

    private void rise(int from, long hash) {
        int at = from;
        while (at > 0 && heap[(at - 1) / 2] < hash) {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }
        heap[at] = hash;
    }

    /** In the place of the highest. */
    private void sink(long hash) {
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= hash) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = hash;
    }
}
