package dev.sparktune.model.kernel;

/**
 * Which rows attend to which: one span per sequence. Its queries are the last of its keys: query i of a span with q queries
 * and k keys sees the span's first {@code k - q + i + 1} keys, or of these the last {@code window}.
 *
 * <p>Two examples of 4 and 2 tokens, packed, are queries {@code [0, 4) [4, 6)} over the same keys. Two sequences that hold
 * 7 and 3 cached tokens in slots of 10, and get one new token each, are queries {@code [0, 1) [1, 2)} over keys
 * {@code [0, 8) [10, 14)}.
 *
 * @param queryStarts {@code [spans + 1]}, ascending: span s has the query rows {@code [queryStarts[s], queryStarts[s + 1])}
 * @param keyStarts {@code [spans]}: first key row of each span
 * @param keyCounts {@code [spans]}: key rows of each span, at least as many as it has queries
 * @param window the most keys that a query sees, its own included; {@link #UNBOUNDED} for all
 */
public record AttentionSpans(int[] queryStarts, int[] keyStarts, int[] keyCounts, int window) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    public AttentionSpans {
        if (window < 1) {
            throw new IllegalArgumentException("an attention window must be at least 1, but is " + window);
        }
        for (int s = 0; s < keyCounts.length; s++) {
            int queries = queryStarts[s + 1] - queryStarts[s];
            if (queries < 0 || queries > keyCounts[s]) {
                throw new IllegalArgumentException(
                        "span " + s + " has " + queries + " queries over " + keyCounts[s] + " keys");
            }
        }
    }

    /** Without a window. */
    public AttentionSpans(int[] queryStarts, int[] keyStarts, int[] keyCounts) {
        this(queryStarts, keyStarts, keyCounts, UNBOUNDED);
    }

    /** The same spans with another window. */
    public AttentionSpans within(int otherWindow) {
        return otherWindow == window ? this : new AttentionSpans(queryStarts, keyStarts, keyCounts, otherWindow);
    }

    /** Every token of every packed example attends to its example up to itself. {@code starts}: {@code [examples + 1]}. */
    public static AttentionSpans packed(int[] starts) {
        int examples = starts.length - 1;
        int[] keyStarts = new int[examples];
        int[] keyCounts = new int[examples];
        for (int e = 0; e < examples; e++) {
            keyStarts[e] = starts[e];
            keyCounts[e] = starts[e + 1] - starts[e];
        }
        return new AttentionSpans(starts, keyStarts, keyCounts);
    }

    public int count() {
        return keyCounts.length;
    }

    public int queries(int span) {
        return queryStarts[span + 1] - queryStarts[span];
    }
}
