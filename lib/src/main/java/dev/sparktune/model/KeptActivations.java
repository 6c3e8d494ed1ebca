package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What is kept of the blocks from the forward pass to the backward pass. All of it; or, with gradient checkpointing (Chen et
 * al. 2016), what enters each block, and all of the last block that was asked for: the others are computed again. Blocks below the
 * first with a backward pass share that one's place.
 */
final class KeptActivations {
    private final int first;
    private final boolean checkpointing;
    private final List<RowBuffer> inputs = new ArrayList<>();
    private final List<BlockActivations> blocks = new ArrayList<>();

    /** {@code first}: of the blocks that have a backward pass. */
    KeptActivations(DecoderConfig config, Kernels kernels, int first, boolean checkpointing) {
        this.first = first;
        this.checkpointing = checkpointing;
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            inputs.add(new RowBuffer(kernels, config.hiddenSize()));
            if (i == 0 || !checkpointing) {
                blocks.add(new BlockActivations(config, kernels));
            }
        }
    }

    /** Whether a block's activations but its input are gone once another block's were asked for. */
    boolean checkpointing() {
        return checkpointing;
    }

    /** What room for such batches takes; {@code queries} are those of the last block. */
    long bytes(int tokens, int queries) {
        int own = inputs.size() - first;
        boolean lastShares = inputs.size() > 1 && (checkpointing || own == 1);
        long last = blocks.get(0).bytes(tokens, lastShares ? tokens : queries, queries);
        long others = checkpointing ? 0 : (own - 1) * blocks.get(0).bytes(tokens, tokens, 0);
        return own * inputs.get(0).bytes(tokens) + others + last;
    }

    /** What enters a block: {@code [tokens, hidden]}, to be written by the block before; for those below the first the same. */
    INDArray input(int block, BlockRows rows) {
        return inputs.get(Math.max(block, first)).rows(rows.tokens());
    }

    /** Those of a block, with room for a batch. Their input is that of {@link #input}. */
    BlockActivations of(int block, BlockRows rows) {
        BlockActivations activations = blocks.get(checkpointing ? 0 : Math.max(block, first));
        activations.resize(rows, input(block, rows));
        return activations;
    }
}
