package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients by the activations of a block; blocks over the same rows take turns with one set. */
final class BackwardBuffers {
    private final int keyWidth;
    private final RowBuffer outputs;
    private final RowBuffer mlpNormeds;
    private final RowBuffer normeds;
    private final RowBuffer keyValues;
    private final RowBuffer queries;
    private final RowBuffer attendeds;
    private final RowBuffer gateds;

    /** By the residual stream behind the block and, from there, before the MLP: {@code [queries, hidden]}. */
    INDArray output;

    /** By the output of a norm, of the queries' rows only: {@code [queries, hidden]}. */
    INDArray queryNormed;

    /** By the output of the norm before attention: {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [tokens, 2 keyWidth]}; its columns follow. */
    INDArray keyValue;

    INDArray key;
    INDArray value;

    /** {@code [queries, queryWidth]}. */
    INDArray query;

    /** {@code [queries, queryWidth]}. */
    INDArray attended;

    /** {@code [queries, intermediate]}. */
    INDArray gated;

    BackwardBuffers(DecoderConfig config, Kernels kernels) {
        keyWidth = config.keyWidth();
        outputs = new RowBuffer(kernels, config.hiddenSize());
        mlpNormeds = new RowBuffer(kernels, config.hiddenSize());
        normeds = new RowBuffer(kernels, config.hiddenSize());
        keyValues = new RowBuffer(kernels, 2 * keyWidth);
        queries = new RowBuffer(kernels, config.queryWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        gateds = new RowBuffer(kernels, config.intermediateSize());
    }

    void resize(BlockRows rows) {
        int n = rows.tokens();
        int m = rows.queries();
        if (normed == null || normed.rows() != n) {
            normed = normeds.rows(n);
            keyValue = keyValues.rows(n);
            key = Views.columns(keyValue, 0, keyWidth);
            value = Views.columns(keyValue, keyWidth, keyWidth);
        }
        if (output == null || output.rows() != m) {
            output = outputs.rows(m);
            queryNormed = mlpNormeds.rows(m);
            query = queries.rows(m);
            attended = attendeds.rows(m);
            gated = gateds.rows(m);
        }
    }
}
