package dev.sparktune.model;

import dev.sparktune.model.kernel.AttentionSpans;
import dev.sparktune.token.PackedBatch;
import java.util.Arrays;

/**
 * Which tokens a block reads and for which it computes an output. The last block's outputs matter only where there is a
 * loss: it needs the keys and values of all tokens, but queries, attention and MLP of few.
 *
 * @param positions {@code [tokens]}: place of each token in its sequence
 * @param selected {@code [queries]}: the rows that get an output, ascending; null for all
 * @param queryPositions {@code [queries]}: their places
 * @param spans the queries of each sequence and its keys
 * @param keys {@code [tokens]}: what the randomness of each token follows from; null: there is none
 * @param queryKeys {@code [queries]}: theirs
 */
record BlockRows(
        int[] positions, int[] selected, int[] queryPositions, AttentionSpans spans, long[] keys, long[] queryKeys) {
    /** All tokens of a step or of packed examples. */
    static BlockRows all(int[] positions, AttentionSpans spans, long[] keys) {
        return new BlockRows(positions, null, positions, spans, keys, keys);
    }

    /** From each example's first loss to its last: one run, because a span's queries are the last of its keys. */
    static BlockRows fromFirstLossToLast(PackedBatch batch, int[] positions, long[] keys) {
        int examples = batch.examples();
        int[] queryStarts = new int[examples + 1];
        int[] keyStarts = new int[examples];
        int[] keyCounts = new int[examples];
        int[] selected = new int[batch.tokens()];
        int next = 0;
        int loss = 0;
        for (int e = 0; e < examples; e++) {
            int end = batch.starts()[e + 1];
            int firstLoss = loss;
            while (loss < batch.lossPositions().length && batch.lossPositions()[loss] < end) {
                loss++;
            }
            keyStarts[e] = batch.starts()[e];
            if (loss > firstLoss) {
                int last = batch.lossPositions()[loss - 1];
                keyCounts[e] = last + 1 - keyStarts[e];
                for (int row = batch.lossPositions()[firstLoss]; row <= last; row++) {
                    selected[next++] = row;
                }
            }
            queryStarts[e + 1] = next;
        }
        int[] rows = Arrays.copyOf(selected, next);
        int[] queryPositions = new int[next];
        long[] queryKeys = keys == null ? null : new long[next];
        for (int i = 0; i < next; i++) {
            queryPositions[i] = positions[rows[i]];
            if (keys != null) {
                queryKeys[i] = keys[rows[i]];
            }
        }
        AttentionSpans spans = new AttentionSpans(queryStarts, keyStarts, keyCounts);
        return new BlockRows(positions, rows, queryPositions, spans, keys, queryKeys);
    }

    int tokens() {
        return positions.length;
    }

    int queries() {
        return queryPositions.length;
    }

    /** Rows of the block's output where the given rows of its input are; those must be among the selected. */
    int[] outputRows(int[] inputRows) {
        if (selected == null) {
            return inputRows;
        }
        int[] rows = new int[inputRows.length];
        int at = 0;
        for (int i = 0; i < inputRows.length; i++) {
            while (selected[at] < inputRows[i]) {
                at++;
            }
            rows[i] = at;
        }
        return rows;
    }
}
