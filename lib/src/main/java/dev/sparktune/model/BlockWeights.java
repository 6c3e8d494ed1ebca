package dev.sparktune.model;

import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One block's tensors as views of a flat vector: of the parameters, or of their gradients. Tensors that multiply the same
 * input lie one after another in the layout and are taken together, as one matrix.
 *
 * @param inputNorm {@code [hidden]}
 * @param query {@code [queryWidth, hidden]}
 * @param keyValue {@code [2 keyWidth, hidden]}
 * @param output {@code [hidden, queryWidth]}
 * @param mlpNorm {@code [hidden]}
 * @param gateUp {@code [2 intermediate, hidden]}
 * @param down {@code [hidden, intermediate]}
 */
record BlockWeights(
        INDArray inputNorm,
        INDArray query,
        INDArray keyValue,
        INDArray output,
        INDArray mlpNorm,
        INDArray gateUp,
        INDArray down) {

    static BlockWeights of(INDArray flat, DecoderConfig config, ParameterLayout layout, int block) {
        String prefix = "model.layers." + block + ".";
        int hidden = config.hiddenSize();
        return new BlockWeights(
                Views.vector(flat, offset(layout, prefix + "input_layernorm.weight"), hidden),
                Views.matrix(flat, offset(layout, prefix + "self_attn.q_proj.weight"), config.queryWidth(), hidden),
                Views.matrix(flat, offset(layout, prefix + "self_attn.k_proj.weight"), 2L * config.keyWidth(), hidden),
                Views.matrix(flat, offset(layout, prefix + "self_attn.o_proj.weight"), hidden, config.queryWidth()),
                Views.vector(flat, offset(layout, prefix + "post_attention_layernorm.weight"), hidden),
                Views.matrix(
                        flat, offset(layout, prefix + "mlp.gate_proj.weight"), 2L * config.intermediateSize(), hidden),
                Views.matrix(flat, offset(layout, prefix + "mlp.down_proj.weight"), hidden, config.intermediateSize()));
    }

    private static long offset(ParameterLayout layout, String tensor) {
        return layout.tensor(tensor).offset();
    }
}
