package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What one block computes for a batch, kept for its gradient. In the backward pass {@code queryKeyValue} of a second
 * instance holds the gradient by the first one's.
 */
final class BlockActivations {
    private final RowBuffer inputs;
    private final RowBuffer normeds;
    private final RowBuffer inverseRmss;
    private final RowBuffer queryKeyValues;
    private final RowBuffer attendeds;
    private final RowBuffer logSumExps;
    private final RowBuffer middles;
    private final RowBuffer mlpNormeds;
    private final RowBuffer mlpInverseRmss;
    private final RowBuffer gateUps;
    private final RowBuffer gateds;
    private final DecoderConfig config;
    private int rows = -1;

    /** The residual stream as it enters the block: {@code [tokens, hidden]}. */
    INDArray input;

    /** {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [tokens]}. */
    INDArray inverseRms;

    /** Queries and keys turned by their positions: {@code [tokens, queryWidth + 2 keyWidth]}. */
    INDArray queryKeyValue;

    /** Columns of {@link #queryKeyValue}: {@code [tokens, queryWidth + keyWidth]}. */
    INDArray queryKey;

    /** {@code [tokens, 2 keyWidth]}. */
    INDArray keyValue;

    /** {@code [tokens, queryWidth]}. */
    INDArray query;

    /** {@code [tokens, keyWidth]}. */
    INDArray key;

    /** {@code [tokens, keyWidth]}. */
    INDArray value;

    /** Heads side by side, before the output projection: {@code [tokens, queryWidth]}. */
    INDArray attended;

    /** {@code [tokens, heads]}. */
    INDArray logSumExp;

    /** The residual stream between attention and MLP: {@code [tokens, hidden]}. */
    INDArray middle;

    /** {@code [tokens, hidden]}. */
    INDArray mlpNormed;

    /** {@code [tokens]}. */
    INDArray mlpInverseRms;

    /** {@code [tokens, 2 intermediate]}. */
    INDArray gateUp;

    /** {@code silu(gate) * up}: {@code [tokens, intermediate]}. */
    INDArray gated;

    BlockActivations(DecoderConfig config, Kernels kernels) {
        this.config = config;
        int hidden = config.hiddenSize();
        inputs = new RowBuffer(kernels, hidden);
        normeds = new RowBuffer(kernels, hidden);
        inverseRmss = new RowBuffer(kernels, 1);
        queryKeyValues = new RowBuffer(kernels, config.queryWidth() + 2 * config.keyWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        logSumExps = new RowBuffer(kernels, config.numAttentionHeads());
        middles = new RowBuffer(kernels, hidden);
        mlpNormeds = new RowBuffer(kernels, hidden);
        mlpInverseRmss = new RowBuffer(kernels, 1);
        gateUps = new RowBuffer(kernels, 2 * config.intermediateSize());
        gateds = new RowBuffer(kernels, config.intermediateSize());
    }

    /** Makes room for a batch; what the arrays held is gone. */
    void resize(int tokens) {
        if (tokens == rows) {
            return;
        }
        rows = tokens;
        input = inputs.rows(tokens);
        normed = normeds.rows(tokens);
        inverseRms = inverseRmss.rows(tokens).reshape(tokens);
        queryKeyValue = queryKeyValues.rows(tokens);
        queryKey = columns(0, config.queryWidth() + config.keyWidth());
        keyValue = columns(config.queryWidth(), 2 * config.keyWidth());
        query = columns(0, config.queryWidth());
        key = columns(config.queryWidth(), config.keyWidth());
        value = columns(config.queryWidth() + config.keyWidth(), config.keyWidth());
        attended = attendeds.rows(tokens);
        logSumExp = logSumExps.rows(tokens);
        middle = middles.rows(tokens);
        mlpNormed = mlpNormeds.rows(tokens);
        mlpInverseRms = mlpInverseRmss.rows(tokens).reshape(tokens);
        gateUp = gateUps.rows(tokens);
        gated = gateds.rows(tokens);
    }

    private INDArray columns(int from, int width) {
        return Views.columns(queryKeyValue, from, width);
    }
}
