package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What the attention of one block computes for a batch, kept for its gradient. */
final class AttentionActivations {
    private final AttentionConfig config;
    private final RowBuffer keyValues;
    private final RowBuffer queries;
    private final RowBuffer attendeds;
    private final RowBuffer logSumExps;
    private final RowBuffer keysBeforeNorm;
    private final RowBuffer keyInverseRmss;
    private final RowBuffer queriesBeforeNorm;
    private final RowBuffer queryInverseRmss;

    /** Keys, turned by their positions, and values: {@code [tokens, 2 keyWidth]}. */
    INDArray keyValue;

    /** Columns of {@link #keyValue}: {@code [tokens, keyWidth]}. */
    INDArray key;

    /** Columns of {@link #keyValue}: {@code [tokens, keyWidth]}. */
    INDArray value;

    /** Turned by their positions: {@code [queries, queryWidth]}. */
    INDArray query;

    /** Heads side by side, before the output projection: {@code [queries, queryWidth]}. */
    INDArray attended;

    /** {@code [queries, heads]}. */
    INDArray logSumExp;

    /** {@code [tokens, keyWidth]}; null without head norms, as are the following. */
    INDArray keyBeforeNorm;

    /** {@code [tokens, keyHeads]}. */
    INDArray keyInverseRms;

    /** {@code [queries, queryWidth]}. */
    INDArray queryBeforeNorm;

    /** {@code [queries, heads]}. */
    INDArray queryInverseRms;

    AttentionActivations(AttentionConfig config, Kernels kernels) {
        this.config = config;
        keyValues = new RowBuffer(kernels, 2 * config.keyWidth());
        queries = new RowBuffer(kernels, config.queryWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        logSumExps = new RowBuffer(kernels, config.numHeads());
        keysBeforeNorm = new RowBuffer(kernels, config.keyWidth());
        keyInverseRmss = new RowBuffer(kernels, config.numKeyValueHeads());
        queriesBeforeNorm = new RowBuffer(kernels, config.queryWidth());
        queryInverseRmss = new RowBuffer(kernels, config.numHeads());
    }

    /** What room for such a batch takes. */
    long bytes(int tokens, int queryCount) {
        long bytes = keyValues.bytes(tokens)
                + queries.bytes(queryCount)
                + attendeds.bytes(queryCount)
                + logSumExps.bytes(queryCount);
        return config.headNorms()
                ? bytes
                        + keysBeforeNorm.bytes(tokens)
                        + keyInverseRmss.bytes(tokens)
                        + queriesBeforeNorm.bytes(queryCount)
                        + queryInverseRmss.bytes(queryCount)
                : bytes;
    }

    void resize(int tokens, int queryCount) {
        if (keyValue == null || keyValue.rows() != tokens) {
            keyValue = keyValues.rows(tokens);
            key = Views.columns(keyValue, 0, config.keyWidth());
            value = Views.columns(keyValue, config.keyWidth(), config.keyWidth());
            if (config.headNorms()) {
                keyBeforeNorm = keysBeforeNorm.rows(tokens);
                keyInverseRms = keyInverseRmss.rows(tokens);
            }
        }
        if (query == null || query.rows() != queryCount) {
            query = queries.rows(queryCount);
            attended = attendeds.rows(queryCount);
            logSumExp = logSumExps.rows(queryCount);
            if (config.headNorms()) {
                queryBeforeNorm = queriesBeforeNorm.rows(queryCount);
                queryInverseRms = queryInverseRmss.rows(queryCount);
            }
        }
    }
}
