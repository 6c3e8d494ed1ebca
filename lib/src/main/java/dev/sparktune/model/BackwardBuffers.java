package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients by the activations of a block; blocks over the same rows take turns with one set. */
final class BackwardBuffers {
    private final RowBuffer outputs;
    private final RowBuffer queryNormeds;
    private final RowBuffer normeds;
    private final RowBuffer activateds;

    final AttentionGradients attention;

    /** By the residual stream behind the block and, from there, before the MLP: {@code [queries, hidden]}. */
    INDArray output;

    /** By the output of a norm, of the queries' rows only: {@code [queries, hidden]}. */
    INDArray queryNormed;

    /** By the output of the norm before attention: {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [queries, intermediate]}. */
    INDArray activated;

    BackwardBuffers(DecoderConfig config, Kernels kernels) {
        outputs = new RowBuffer(kernels, config.hiddenSize());
        queryNormeds = new RowBuffer(kernels, config.hiddenSize());
        normeds = new RowBuffer(kernels, config.hiddenSize());
        activateds = new RowBuffer(kernels, config.mlp().intermediateSize());
        attention = new AttentionGradients(config.attention(), kernels);
    }

    /** What room for such a batch takes. */
    long bytes(int tokens, int queries) {
        return outputs.bytes(queries)
                + queryNormeds.bytes(queries)
                + normeds.bytes(tokens)
                + activateds.bytes(queries)
                + attention.bytes(tokens, queries);
    }

    void resize(BlockRows rows) {
        normed = normeds.rows(rows.tokens());
        output = outputs.rows(rows.queries());
        queryNormed = queryNormeds.rows(rows.queries());
        activated = activateds.rows(rows.queries());
        attention.resize(rows.tokens(), rows.queries());
    }
}
