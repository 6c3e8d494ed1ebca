package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What one block computes for a batch, kept for its gradient. Queries are the tokens that the block has an output for. */
final class BlockActivations {
    private final RowBuffer inputs;
    private final RowBuffer normeds;
    private final RowBuffer inverseRmss;
    private final RowBuffer keyValues;
    private final RowBuffer queryNormeds;
    private final RowBuffer queries;
    private final RowBuffer attendeds;
    private final RowBuffer logSumExps;
    private final RowBuffer middles;
    private final RowBuffer mlpNormeds;
    private final RowBuffer mlpInverseRmss;
    private final RowBuffer gateUps;
    private final RowBuffer gateds;
    private final RowBuffer outputs;
    private final int keyWidth;

    /** The residual stream as it enters the block: {@code [tokens, hidden]}. */
    INDArray input;

    /** {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [tokens]}. */
    INDArray inverseRms;

    /** Keys, turned by their positions, and values: {@code [tokens, 2 keyWidth]}. */
    INDArray keyValue;

    /** Columns of {@link #keyValue}: {@code [tokens, keyWidth]}. */
    INDArray key;

    /** Columns of {@link #keyValue}: {@code [tokens, keyWidth]}. */
    INDArray value;

    /** The queries' rows of {@link #normed}: {@code [queries, hidden]}; {@code normed} itself where all tokens are. */
    INDArray queryNormed;

    /** Turned by their positions: {@code [queries, queryWidth]}. */
    INDArray query;

    /** Heads side by side, before the output projection: {@code [queries, queryWidth]}. */
    INDArray attended;

    /** {@code [queries, heads]}. */
    INDArray logSumExp;

    /** The residual stream between attention and MLP: {@code [queries, hidden]}. */
    INDArray middle;

    /** {@code [queries, hidden]}. */
    INDArray mlpNormed;

    /** {@code [queries]}. */
    INDArray mlpInverseRms;

    /** {@code [queries, 2 intermediate]}. */
    INDArray gateUp;

    /** {@code silu(gate) * up}: {@code [queries, intermediate]}. */
    INDArray gated;

    BlockActivations(DecoderConfig config, Kernels kernels) {
        int hidden = config.hiddenSize();
        keyWidth = config.keyWidth();
        inputs = new RowBuffer(kernels, hidden);
        normeds = new RowBuffer(kernels, hidden);
        inverseRmss = new RowBuffer(kernels, 1);
        keyValues = new RowBuffer(kernels, 2 * keyWidth);
        queryNormeds = new RowBuffer(kernels, hidden);
        queries = new RowBuffer(kernels, config.queryWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        logSumExps = new RowBuffer(kernels, config.numAttentionHeads());
        middles = new RowBuffer(kernels, hidden);
        mlpNormeds = new RowBuffer(kernels, hidden);
        mlpInverseRmss = new RowBuffer(kernels, 1);
        gateUps = new RowBuffer(kernels, 2 * config.intermediateSize());
        gateds = new RowBuffer(kernels, config.intermediateSize());
        outputs = new RowBuffer(kernels, hidden);
    }

    /** Makes room for a batch. {@link #input} keeps what it holds where the number of tokens stays. */
    void resize(BlockRows rows) {
        int n = rows.tokens();
        int m = rows.queries();
        if (input == null || input.rows() != n) {
            input = inputs.rows(n);
            normed = normeds.rows(n);
            inverseRms = inverseRmss.rows(n).reshape(n);
            keyValue = keyValues.rows(n);
            key = Views.columns(keyValue, 0, keyWidth);
            value = Views.columns(keyValue, keyWidth, keyWidth);
        }
        if (query == null || query.rows() != m) {
            query = queries.rows(m);
            attended = attendeds.rows(m);
            logSumExp = logSumExps.rows(m);
            middle = middles.rows(m);
            mlpNormed = mlpNormeds.rows(m);
            mlpInverseRms = mlpInverseRmss.rows(m).reshape(m);
            gateUp = gateUps.rows(m);
            gated = gateds.rows(m);
        }
        queryNormed = rows.selected() == null ? normed : queryNormeds.rows(m);
    }

    /** A place for the block's output, {@code [queries, hidden]}, where no other is at hand. */
    INDArray output() {
        return outputs.rows(query.rows());
    }
}
