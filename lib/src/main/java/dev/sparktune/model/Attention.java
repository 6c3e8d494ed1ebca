package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The attention of one block, from the normed stream to what is added to the stream. */
final class Attention {
    private final Kernels kernels;
    private final RotaryTable rotary; // null: heads are not turned
    private final int heads;
    private final int window;
    private final LinearMap query;
    private final LinearMap keyValue;
    private final HeadNorm queryNorm; // null: none
    private final HeadNorm keyNorm; // null: none
    private final LinearMap output;

    /** {@code rotary}: null where positions are learned. */
    Attention(
            DecoderConfig decoder,
            Kernels kernels,
            RotaryTable rotary,
            TensorViews parameters,
            LinearMaps maps,
            int block) {
        AttentionConfig config = decoder.attention();
        String prefix = ParameterLayout.block(block);
        this.kernels = kernels;
        this.rotary = rotary;
        heads = config.numHeads();
        window = config.window(block);
        query = maps.of(config.inputBias(), prefix + "query");
        keyValue = maps.of(config.inputBias(), prefix + "key", prefix + "value");
        double eps = decoder.norm().eps();
        queryNorm = config.headNorms() ? new HeadNorm(kernels, parameters, prefix + "query_norm", eps) : null;
        keyNorm = config.headNorms() ? new HeadNorm(kernels, parameters, prefix + "key_norm", eps) : null;
        output = maps.of(config.outputBias(), prefix + "attention_output");
    }

    void trainInto(TensorViews gradients) {
        query.trainInto(gradients);
        keyValue.trainInto(gradients);
        if (queryNorm != null) {
            queryNorm.trainInto(gradients);
            keyNorm.trainInto(gradients);
        }
        output.trainInto(gradients);
    }

    /**
     * Adds to {@code stream [queries, hidden]}.
     *
     * @param normed {@code [tokens, hidden]}
     * @param queryNormed {@code [queries, hidden]}: the queries' rows of it
     * @param a written: kept for the gradient
     * @param cache where keys and values go and come from; null: they are those of the batch
     */
    void forward(
            INDArray normed,
            INDArray queryNormed,
            AttentionActivations a,
            BlockRows rows,
            KvCache.BlockCache cache,
            INDArray stream) {
        keyValue.forward(normed, rows.keys(), a.keyValue, false);
        query.forward(queryNormed, rows.queryKeys(), a.query, false);
        if (queryNorm != null) {
            keyNorm.forward(a.key, a.keyBeforeNorm, a.keyInverseRms);
            queryNorm.forward(a.query, a.queryBeforeNorm, a.queryInverseRms);
        }
        if (rotary != null) {
            rotary.turn(a.key, rows.positions());
            rotary.turn(a.query, rows.queryPositions());
        }
        INDArray key = a.key;
        INDArray value = a.value;
        if (cache != null) {
            kernels.putRows(a.keyValue, cache.newRows(), cache.keyValue());
            key = cache.key();
            value = cache.value();
        }
        kernels.attention(a.query, key, value, heads, rows.spans().within(window), a.attended, a.logSumExp);
        output.forward(a.attended, rows.queryKeys(), stream, true);
    }

    /**
     * Adds the gradients of the weights that are trained; writes those of the forward pass's inputs.
     *
     * @param dStream {@code [queries, hidden]}
     * @param d room for the gradients in between
     * @param dNormed {@code [tokens, hidden]}: that of the queries' rows included
     * @param scratch {@code [queries, hidden]}
     */
    void backward(
            INDArray dStream,
            INDArray normed,
            INDArray queryNormed,
            AttentionActivations a,
            BlockRows rows,
            AttentionGradients d,
            INDArray dNormed,
            INDArray scratch) {
        output.backward(dStream, a.attended, rows.queryKeys(), d.attended, false);
        kernels.attentionGradient(
                d.attended,
                a.query,
                a.key,
                a.value,
                heads,
                rows.spans().within(window),
                a.logSumExp,
                d.query,
                d.key,
                d.value);
        if (rotary != null) {
            rotary.turnGradient(d.query, rows.queryPositions());
            rotary.turnGradient(d.key, rows.positions());
        }
        if (queryNorm != null) {
            queryNorm.backward(d.query, a.queryBeforeNorm, a.queryInverseRms, d.queryBeforeNorm);
            keyNorm.backward(d.key, a.keyBeforeNorm, a.keyInverseRms, d.keyBeforeNorm);
        }
        keyValue.backward(d.keyValue, normed, rows.keys(), dNormed, false);
        if (rows.selected() == null) {
            query.backward(d.query, queryNormed, rows.queryKeys(), dNormed, true);
        } else {
            query.backward(d.query, queryNormed, rows.queryKeys(), scratch, false);
            kernels.addToRows(scratch, rows.selected(), dNormed);
        }
    }
}
