package dev.sparktune.model;

import dev.sparktune.model.kernel.AttentionSpans;
import java.util.List;

/**
 * Attention of every block.
 *
 * @param numHeads query heads
 * @param numKeyValueHeads key and value heads; query head j reads key head {@code j * numKeyValueHeads / numHeads}
 * @param headDim width of a head; not always hiddenSize / heads
 * @param inputBias whether queries, keys and values have a bias
 * @param outputBias whether the projection back to the stream has one
 * @param headNorms whether each head of queries and keys gets an RMS norm before it is turned
 * @param windows for each block the most tokens that a query sees, its own included; empty: none has a bound
 */
public record AttentionConfig(
        int numHeads,
        int numKeyValueHeads,
        int headDim,
        boolean inputBias,
        boolean outputBias,
        boolean headNorms,
        List<Integer> windows) {
    public AttentionConfig {
        Bounds.atLeast("num_attention_heads", numHeads, 1);
        Bounds.atLeast("num_key_value_heads", numKeyValueHeads, 1);
        Bounds.atLeast("head_dim", headDim, 1);
        if (numHeads % numKeyValueHeads != 0) {
            throw new IllegalArgumentException("num_attention_heads must be a multiple of num_key_value_heads, but "
                    + numHeads + " is none of " + numKeyValueHeads);
        }
        // Keys and values lie side by side, and a row's width is an int.
        Bounds.atMost("num_attention_heads * head_dim", (long) numHeads * headDim, Integer.MAX_VALUE / 2);
        windows = List.copyOf(windows);
        windows.forEach(window -> Bounds.atLeast("sliding_window", window, 1));
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return numHeads * headDim;
    }

    /** Width of all key heads together, and of all value heads. */
    public int keyWidth() {
        return numKeyValueHeads * headDim;
    }

    /** The window of a block, {@link AttentionSpans#UNBOUNDED} where it has none. */
    int window(int block) {
        return windows.isEmpty() ? AttentionSpans.UNBOUNDED : windows.get(block);
    }
}
