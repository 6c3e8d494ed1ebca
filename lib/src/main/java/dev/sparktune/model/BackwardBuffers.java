package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients by the activations of a block; the blocks take turns with one set. */
final class BackwardBuffers {
    private final DecoderConfig config;
    private final RowBuffer streams;
    private final RowBuffer normeds;
    private final RowBuffer queryKeyValues;
    private final RowBuffer attendeds;
    private final RowBuffer gateds;
    private int rows = -1;

    /** By the residual stream: the blocks add to it on the way down. {@code [tokens, hidden]}. */
    INDArray stream;

    /** By the output of a norm: {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [tokens, queryWidth + 2 keyWidth]}; its columns follow. */
    INDArray queryKeyValue;

    INDArray queryKey;
    INDArray query;
    INDArray key;
    INDArray value;

    /** {@code [tokens, queryWidth]}. */
    INDArray attended;

    /** {@code [tokens, intermediate]}. */
    INDArray gated;

    BackwardBuffers(DecoderConfig config, Kernels kernels) {
        this.config = config;
        streams = new RowBuffer(kernels, config.hiddenSize());
        normeds = new RowBuffer(kernels, config.hiddenSize());
        queryKeyValues = new RowBuffer(kernels, config.queryWidth() + 2 * config.keyWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        gateds = new RowBuffer(kernels, config.intermediateSize());
    }

    void resize(int tokens) {
        if (tokens == rows) {
            return;
        }
        rows = tokens;
        stream = streams.rows(tokens);
        normed = normeds.rows(tokens);
        queryKeyValue = queryKeyValues.rows(tokens);
        queryKey = columns(0, config.queryWidth() + config.keyWidth());
        query = columns(0, config.queryWidth());
        key = columns(config.queryWidth(), config.keyWidth());
        value = columns(config.queryWidth() + config.keyWidth(), config.keyWidth());
        attended = attendeds.rows(tokens);
        gated = gateds.rows(tokens);
    }

    private INDArray columns(int from, int width) {
        return Views.columns(queryKeyValue, from, width);
    }
}
