package dev.sparktune.model;

import dev.sparktune.model.kernel.AttentionSpans;
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
     * Reads {@code a.input}, fills the rest of {@code a} and writes {@code output [tokens, hidden]}, which may be
     * {@code a.input} itself where no gradient is wanted.
     *
     * @param positions {@code [tokens]}: place of each token in its sequence
     * @param cache where keys and values go and come from; null: they are those of the batch
     */
    void forward(BlockActivations a, int[] positions, AttentionSpans spans, KvCache.BlockCache cache, INDArray output) {
        kernels.rmsNorm(a.input, weights.inputNorm(), config.rmsNormEps(), a.normed, a.inverseRms);
        kernels.linear(a.normed, weights.queryKeyValue(), a.queryKeyValue, false);
        kernels.rotate(a.queryKey, positions, rotary.cos(), rotary.sin(), false);
        INDArray key = a.key;
        INDArray value = a.value;
        if (cache != null) {
            kernels.putRows(a.keyValue, cache.newRows(), cache.keyValue());
            key = cache.key();
            value = cache.value();
        }
        kernels.attention(a.query, key, value, config.numAttentionHeads(), spans, a.attended, a.logSumExp);
        kernels.copy(a.input, a.middle);
        kernels.linear(a.attended, weights.output(), a.middle, true);

        kernels.rmsNorm(a.middle, weights.mlpNorm(), config.rmsNormEps(), a.mlpNormed, a.mlpInverseRms);
        kernels.linear(a.mlpNormed, weights.gateUp(), a.gateUp, false);
        kernels.gatedSilu(a.gateUp, a.gated);
        kernels.copy(a.middle, output);
        kernels.linear(a.gated, weights.down(), output, true);
    }

    /**
     * Turns {@code d.stream} from the gradient by the block's output into that by its input and adds the gradients of the
     * weights to {@code dWeights}. {@code a.gateUp} is overwritten.
     */
    void backward(BlockActivations a, int[] positions, AttentionSpans spans, BackwardBuffers d, BlockWeights dWeights) {
        kernels.linearWeightGradient(d.stream, a.gated, dWeights.down());
        kernels.linearInputGradient(d.stream, weights.down(), d.gated);
        kernels.gatedSiluGradient(d.gated, a.gateUp);
        kernels.linearWeightGradient(a.gateUp, a.mlpNormed, dWeights.gateUp());
        kernels.linearInputGradient(a.gateUp, weights.gateUp(), d.normed);
        kernels.rmsNormGradient(d.normed, a.middle, weights.mlpNorm(), a.mlpInverseRms, d.stream, dWeights.mlpNorm());

        kernels.linearWeightGradient(d.stream, a.attended, dWeights.output());
        kernels.linearInputGradient(d.stream, weights.output(), d.attended);
        kernels.attentionGradient(
                d.attended,
                a.query,
                a.key,
                a.value,
                config.numAttentionHeads(),
                spans,
                a.logSumExp,
                d.query,
                d.key,
                d.value);
        kernels.rotate(d.queryKey, positions, rotary.cos(), rotary.sin(), true);
        kernels.linearWeightGradient(d.queryKeyValue, a.normed, dWeights.queryKeyValue());
        kernels.linearInputGradient(d.queryKeyValue, weights.queryKeyValue(), d.normed);
        kernels.rmsNormGradient(d.normed, a.input, weights.inputNorm(), a.inverseRms, d.stream, dWeights.inputNorm());
    }
}
