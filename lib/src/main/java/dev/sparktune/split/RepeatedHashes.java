package dev.sparktune.split;

import java.io.Serializable;

/**
 * Which hashes may have been added more than once, in 4 MB whatever their number. It says so of all that were, and of others that
 * share a cell with one: of one in 25 of 700,000 different ones, of one in two of 12 million, in the end of all. The order of
 * adding, and how the hashes were dealt to several of these before {@link #addAll}, change nothing.
 */
public final class RepeatedHashes implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int BITS = 24;
    private static final int WORDS = 1 << BITS - 6;

    /** A bit for each cell; null before the first hash. */
    private long[] once;

    private long[] again;

    /** @param hash all of its bits as good as random */
    public void add(long hash) {
        fill();
        int word = word(hash);
        long bit = bit(hash);
        again[word] |= once[word] & bit;
        once[word] |= bit;
    }

    public void addAll(RepeatedHashes other) {
        if (other.once == null) {
            return;
        }
        fill();
        for (int i = 0; i < WORDS; i++) {
            again[i] |= other.again[i] | once[i] & other.once[i];
            once[i] |= other.once[i];
        }
    }

    /** False only where it was added at most once. */
    public boolean mayRepeat(long hash) {
        return again != null && (again[word(hash)] & bit(hash)) != 0;
    }

    private void fill() {
        if (once == null) {
            once = new long[WORDS];
            again = new long[WORDS];
        }
    }

    private static int word(long hash) {
        return (int) (hash >>> Long.SIZE - BITS + 6);
    }

    private static long bit(long hash) {
        return 1L << (hash >>> Long.SIZE - BITS);
    }
}
