package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One block of the decoder: attention and MLP, each on a norm of the residual stream. Sequential: {@code middle = input +
 * attention(norm(input)); output = middle + mlp(norm(middle))}. Parallel: {@code output = input + attention(norm(input)) +
 * mlp(norm(input))}; its middle is the input.
 */
final class Block {
    private final Kernels kernels;
    private final boolean parallel;
    private final Norm attentionNorm;
    private final Attention attention;
    private final Norm mlpNorm;
    private final Mlp mlp;

    Block(
            DecoderConfig config,
            Kernels kernels,
            RotaryTable rotary,
            TensorViews parameters,
            LinearMaps maps,
            int block) {
        String prefix = ParameterLayout.block(block);
        this.kernels = kernels;
        parallel = config.parallelResidual();
        attentionNorm = Norm.of(config.norm(), kernels, parameters, prefix + "attention_norm");
        attention = new Attention(config, kernels, rotary, parameters, maps, block);
        mlpNorm = Norm.of(config.norm(), kernels, parameters, prefix + "mlp_norm");
        mlp = new Mlp(config.mlp(), kernels, maps, block);
    }

    void trainInto(TensorViews gradients) {
        attentionNorm.trainInto(gradients);
        attention.trainInto(gradients);
        mlpNorm.trainInto(gradients);
        mlp.trainInto(gradients);
    }

    /**
     * Reads {@code a.input}, fills the rest of {@code a} and writes {@code output [queries, hidden]}, which may be
     * {@code a.input} itself where no gradient is wanted.
     *
     * @param cache where keys and values go and come from; null: they are those of the batch
     */
    void forward(BlockActivations a, BlockRows rows, KvCache.BlockCache cache, INDArray output) {
        compute(a, rows, cache, output);
        mlp.add(a.activated, rows.queryKeys(), output);
    }

    /**
     * Fills {@code a} from {@code a.input} once more, as {@link #forward} without a cache does, to the same bits.
     *
     * @param scratch {@code [queries, hidden]}, overwritten
     */
    void recompute(BlockActivations a, BlockRows rows, INDArray scratch) {
        compute(a, rows, null, scratch);
    }

    /** All but what the MLP adds to the output. */
    private void compute(BlockActivations a, BlockRows rows, KvCache.BlockCache cache, INDArray output) {
        attentionNorm.forward(a.input, a.normed, a.normScale);
        if (rows.selected() == null) {
            kernels.copy(a.input, a.middle);
        } else {
            kernels.gatherRows(a.input, rows.selected(), a.middle);
            kernels.gatherRows(a.normed, rows.selected(), a.queryNormed);
        }
        if (!parallel) {
            attention.forward(a.normed, a.queryNormed, a.attention, rows, cache, a.middle);
        }
        mlpNorm.forward(a.middle, a.mlpNormed, a.mlpNormScale);
        kernels.copy(a.middle, output);
        if (parallel) {
            attention.forward(a.normed, a.queryNormed, a.attention, rows, cache, output);
        }
        mlp.activate(a.mlpNormed, rows.queryKeys(), a.upped, a.activated);
    }

    /**
     * Takes the gradient by the block's output from {@code d.output}, writes that by its input to {@code dInput [tokens,
     * hidden]} and adds those of the weights that are trained. Overwrites {@code a.upped}. Where all tokens are queries, {@code dInput} may be
     * {@code d.output}.
     */
    void backward(BlockActivations a, BlockRows rows, BackwardBuffers d, INDArray dInput) {
        if (parallel) {
            attentionBackward(a, rows, d);
            mlp.backward(d.output, a.mlpNormed, rows.queryKeys(), a.upped, a.activated, d.activated, d.queryNormed);
            mlpNorm.backward(d.queryNormed, a.middle, a.mlpNormScale, d.output);
        } else {
            mlp.backward(d.output, a.mlpNormed, rows.queryKeys(), a.upped, a.activated, d.activated, d.queryNormed);
            mlpNorm.backward(d.queryNormed, a.middle, a.mlpNormScale, d.output);
            attentionBackward(a, rows, d);
        }
        if (rows.selected() != null) {
            kernels.fill(dInput, 0);
            kernels.addToRows(d.output, rows.selected(), dInput);
        } else if (dInput != d.output) {
            kernels.copy(d.output, dInput);
        }
        attentionNorm.backward(d.normed, a.input, a.normScale, dInput);
    }

    private void attentionBackward(BlockActivations a, BlockRows rows, BackwardBuffers d) {
        attention.backward(d.output, a.normed, a.queryNormed, a.attention, rows, d.attention, d.normed, d.queryNormed);
    }
}
