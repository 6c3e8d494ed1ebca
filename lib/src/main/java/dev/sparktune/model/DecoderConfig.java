package dev.sparktune.model;

import dev.sparktune.model.kernel.Activation;
import java.util.List;

/**
 * Shape and constants of a decoder: what its parts are. Families of models are such configurations.
 *
 * @param vocabSize rows of the embedding, padding rows of the base included
 * @param hiddenSize width of the residual stream
 * @param numHiddenLayers blocks
 * @param maxPositionEmbeddings longest sequence, in tokens
 * @param norm before attention, before the MLP and before the head
 * @param attention of each block
 * @param mlp of each block
 * @param rotary how queries and keys are turned by their positions; null: positions are learned, one vector each, added
 *     to the embedding
 * @param parallelResidual whether a block's MLP reads the block's input, as attention does, and not what attention made of it
 * @param tieWordEmbeddings whether the head is the embedding, transposed
 */
public record DecoderConfig(
        int vocabSize,
        int hiddenSize,
        int numHiddenLayers,
        int maxPositionEmbeddings,
        NormConfig norm,
        AttentionConfig attention,
        MlpConfig mlp,
        RotaryConfig rotary,
        boolean parallelResidual,
        boolean tieWordEmbeddings) {
    public DecoderConfig {
        Bounds.atLeast("vocab_size", vocabSize, 1);
        Bounds.atLeast("hidden_size", hiddenSize, 1);
        Bounds.atLeast("num_hidden_layers", numHiddenLayers, 1);
        Bounds.atLeast("max_position_embeddings", maxPositionEmbeddings, 1);
        if (rotary != null && rotary.turnedColumns() > attention.headDim()) {
            throw new IllegalArgumentException("rotary positions turn " + rotary.turnedColumns()
                    + " columns of a head, but head_dim is " + attention.headDim());
        }
        if (!attention.windows().isEmpty() && attention.windows().size() != numHiddenLayers) {
            throw new IllegalArgumentException("there are "
                    + attention.windows().size() + " attention windows for num_hidden_layers " + numHiddenLayers);
        }
    }

    /**
     * The Llama form: RMS norms, rotary positions over whole heads, an MLP gated by SiLU, no biases.
     *
     * @param theta base of the rotary frequencies
     */
    public static DecoderConfig llama(
            int vocabSize,
            int hiddenSize,
            int intermediateSize,
            int numHiddenLayers,
            int numAttentionHeads,
            int numKeyValueHeads,
            int headDim,
            int maxPositionEmbeddings,
            double rmsNormEps,
            double theta,
            boolean tieWordEmbeddings) {
        return new DecoderConfig(
                vocabSize,
                hiddenSize,
                numHiddenLayers,
                maxPositionEmbeddings,
                new NormConfig(NormConfig.Kind.RMS, rmsNormEps),
                new AttentionConfig(numAttentionHeads, numKeyValueHeads, headDim, false, false, false, List.of()),
                new MlpConfig(intermediateSize, Activation.SILU, true, false),
                RotaryConfig.unscaled(theta, headDim),
                false,
                tieWordEmbeddings);
    }
}
