package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients by what attention computes on its way, each of the shape of its value in {@link AttentionActivations}. */
final class AttentionGradients {
    private final AttentionConfig config;
    private final RowBuffer keyValues;
    private final RowBuffer queries;
    private final RowBuffer attendeds;
    private final RowBuffer keysBeforeNorm;
    private final RowBuffer queriesBeforeNorm;
    INDArray keyValue;
    INDArray key;
    INDArray value;
    INDArray query;
    INDArray attended;
    INDArray keyBeforeNorm;
    INDArray queryBeforeNorm;

    AttentionGradients(AttentionConfig config, Kernels kernels) {
        this.config = config;
        keyValues = new RowBuffer(kernels, 2 * config.keyWidth());
        queries = new RowBuffer(kernels, config.queryWidth());
        attendeds = new RowBuffer(kernels, config.queryWidth());
        keysBeforeNorm = new RowBuffer(kernels, config.keyWidth());
        queriesBeforeNorm = new RowBuffer(kernels, config.queryWidth());
    }

    /** What room for such a batch takes. */
    long bytes(int tokens, int queryCount) {
        long bytes = keyValues.bytes(tokens) + queries.bytes(queryCount) + attendeds.bytes(queryCount);
        return config.headNorms() ? bytes + keysBeforeNorm.bytes(tokens) + queriesBeforeNorm.bytes(queryCount) : bytes;
    }

    void resize(int tokens, int queryCount) {
        if (keyValue == null || keyValue.rows() != tokens) {
            keyValue = keyValues.rows(tokens);
            key = Views.columns(keyValue, 0, config.keyWidth());
            value = Views.columns(keyValue, config.keyWidth(), config.keyWidth());
            keyBeforeNorm = config.headNorms() ? keysBeforeNorm.rows(tokens) : null;
        }
        if (query == null || query.rows() != queryCount) {
            query = queries.rows(queryCount);
            attended = attendeds.rows(queryCount);
            queryBeforeNorm = config.headNorms() ? queriesBeforeNorm.rows(queryCount) : null;
        }
    }
}
