package dev.sparktune.model;

/**
 * Shape and constants of a decoder in the Llama form, under the names of its {@code config.json}.
 *
 * @param vocabSize rows of the embedding, padding rows of the base included
 * @param hiddenSize width of the residual stream
 * @param intermediateSize width of the gated MLP
 * @param numHiddenLayers blocks
 * @param numAttentionHeads query heads
 * @param numKeyValueHeads key and value heads; query head j reads key head {@code j * numKeyValueHeads /
 *     numAttentionHeads}
 * @param headDim width of a head, even (rotary positions turn its halves); not always hiddenSize / heads
 * @param maxPositionEmbeddings longest sequence, in tokens
 * @param rmsNormEps added to the mean square before its root
 * @param ropeTheta base of the rotary frequencies {@code theta^(-2i / headDim)}
 * @param tieWordEmbeddings whether the head is the embedding, transposed
 */
public record DecoderConfig(
        int vocabSize,
        int hiddenSize,
        int intermediateSize,
        int numHiddenLayers,
        int numAttentionHeads,
        int numKeyValueHeads,
        int headDim,
        int maxPositionEmbeddings,
        double rmsNormEps,
        double ropeTheta,
        boolean tieWordEmbeddings) {
    public DecoderConfig {
        atLeast("vocab_size", vocabSize, 1);
        atLeast("hidden_size", hiddenSize, 1);
        atLeast("intermediate_size", intermediateSize, 1);
        atLeast("num_hidden_layers", numHiddenLayers, 1);
        atLeast("num_attention_heads", numAttentionHeads, 1);
        atLeast("num_key_value_heads", numKeyValueHeads, 1);
        atLeast("head_dim", headDim, 2);
        atLeast("max_position_embeddings", maxPositionEmbeddings, 1);
        if (numAttentionHeads % numKeyValueHeads != 0) {
            throw new IllegalArgumentException("num_attention_heads must be a multiple of num_key_value_heads, but "
                    + numAttentionHeads + " is none of " + numKeyValueHeads);
        }
        if (headDim % 2 != 0) {
            throw new IllegalArgumentException("head_dim must be even for rotary positions, but is " + headDim);
        }
        if (!(rmsNormEps > 0) || !(ropeTheta > 0)) {
            throw new IllegalArgumentException(
                    "rms_norm_eps and rope_theta must be above 0, but are " + rmsNormEps + " and " + ropeTheta);
        }
    }

    /** Width of all query heads together. */
    public int queryWidth() {
        return numAttentionHeads * headDim;
    }

    /** Width of all key heads together, and of all value heads. */
    public int keyWidth() {
        return numKeyValueHeads * headDim;
    }

    private static void atLeast(String name, int value, int bound) {
        if (value < bound) {
            throw new IllegalArgumentException(name + " must be at least " + bound + ", but is " + value);
        }
    }
}
