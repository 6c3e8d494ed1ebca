package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One block of the decoder: {@code middle = input + attention(norm(input))}, {@code output = middle + mlp(norm(middle))}.
 */
final class Block {
    private final DecoderConfig config;
    private final Kernels kernels;
    private final RotaryTable rotary;
    private final BlockWeights weights;

    Block(DecoderConfig config, Kernels kernels, RotaryTable rotary, BlockWeights weights) {
        this.config = config;
        this.kernels = kernels;
        this.rotary = rotary;
        this.weights = weights;
    }

    /**
     * Reads {@code a.input}, fills the rest of {@code a} and writes {@code output [queries, hidden]}, which may be
     * {@code a.input} itself where no gradient is wanted.
     *
     * @param cache where keys and values go and come from; null: they are those of the batch
     */
    void forward(BlockActivations a, BlockRows rows, KvCache.BlockCache cache, INDArray output) {
        kernels.rmsNorm(a.input, weights.inputNorm(), config.rmsNormEps(), a.normed, a.inverseRms);
        kernels.linear(a.normed, weights.keyValue(), a.keyValue, false);
        kernels.rotate(a.key, rows.positions(), rotary.cos(), rotary.sin(), false);
        if (rows.selected() == null) {
            kernels.copy(a.input, a.middle);
        } else {
            kernels.gatherRows(a.input, rows.selected(), a.middle);
            kernels.gatherRows(a.normed, rows.selected(), a.queryNormed);
        }
        kernels.linear(a.queryNormed, weights.query(), a.query, false);
        kernels.rotate(a.query, rows.queryPositions(), rotary.cos(), rotary.sin(), false);
        INDArray key = a.key;
        INDArray value = a.value;
        if (cache != null) {
            kernels.putRows(a.keyValue, cache.newRows(), cache.keyValue());
            key = cache.key();
            value = cache.value();
        }
        kernels.attention(a.query, key, value, config.numAttentionHeads(), rows.spans(), a.attended, a.logSumExp);
        kernels.linear(a.attended, weights.output(), a.middle, true);

        kernels.rmsNorm(a.middle, weights.mlpNorm(), config.rmsNormEps(), a.mlpNormed, a.mlpInverseRms);
        kernels.linear(a.mlpNormed, weights.gateUp(), a.gateUp, false);
        kernels.gatedSilu(a.gateUp, a.gated);
        kernels.copy(a.middle, output);
        kernels.linear(a.gated, weights.down(), output, true);
    }

    /**
     * Takes the gradient by the block's output from {@code d.output}, writes that by its input to {@code dInput [tokens,
     * hidden]} and adds those of the weights to {@code dWeights}. Overwrites {@code a.gateUp}. Where all tokens are queries,
     * {@code dInput} may be {@code d.output}.
     */
    void backward(BlockActivations a, BlockRows rows, BackwardBuffers d, INDArray dInput, BlockWeights dWeights) {
        kernels.linearWeightGradient(d.output, a.gated, dWeights.down());
        kernels.linearInputGradient(d.output, weights.down(), d.gated, false);
        kernels.gatedSiluGradient(d.gated, a.gateUp);
        kernels.linearWeightGradient(a.gateUp, a.mlpNormed, dWeights.gateUp());
        kernels.linearInputGradient(a.gateUp, weights.gateUp(), d.queryNormed, false);
        kernels.rmsNormGradient(
                d.queryNormed, a.middle, weights.mlpNorm(), a.mlpInverseRms, d.output, dWeights.mlpNorm());

        kernels.linearWeightGradient(d.output, a.attended, dWeights.output());
        kernels.linearInputGradient(d.output, weights.output(), d.attended, false);
        kernels.attentionGradient(
                d.attended,
                a.query,
                a.key,
                a.value,
                config.numAttentionHeads(),
                rows.spans(),
                a.logSumExp,
                d.query,
                d.key,
                d.value);
        kernels.rotate(d.query, rows.queryPositions(), rotary.cos(), rotary.sin(), true);
        kernels.rotate(d.key, rows.positions(), rotary.cos(), rotary.sin(), true);
        kernels.linearWeightGradient(d.query, a.queryNormed, dWeights.query());
        kernels.linearWeightGradient(d.keyValue, a.normed, dWeights.keyValue());
        kernels.linearInputGradient(d.keyValue, weights.keyValue(), d.normed, false);
        if (rows.selected() == null) {
            kernels.linearInputGradient(d.query, weights.query(), d.normed, true);
            if (dInput != d.output) {
                kernels.copy(d.output, dInput);
            }
        } else {
            kernels.linearInputGradient(d.query, weights.query(), d.queryNormed, false);
            kernels.addToRows(d.queryNormed, rows.selected(), d.normed);
            kernels.fill(dInput, 0);
            kernels.addToRows(d.output, rows.selected(), dInput);
        }
        kernels.rmsNormGradient(d.normed, a.input, weights.inputNorm(), a.inverseRms, dInput, dWeights.inputNorm());
    }
}
