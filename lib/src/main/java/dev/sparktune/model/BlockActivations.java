package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What one block computes for a batch, kept for its gradient. Queries are the tokens that the block has an output for. */
final class BlockActivations {
    private final RowBuffer normeds;
    private final RowBuffer normScales;
    private final RowBuffer queryNormeds;
    private final RowBuffer middles;
    private final RowBuffer mlpNormeds;
    private final RowBuffer mlpNormScales;
    private final RowBuffer uppeds;
    private final RowBuffer activateds;
    private final RowBuffer outputs;

    final AttentionActivations attention;

    /** The residual stream as it enters the block: {@code [tokens, hidden]}; whoever makes room gives it. */
    INDArray input;

    /** {@code [tokens, hidden]}. */
    INDArray normed;

    /** {@code [tokens, 1]}. */
    INDArray normScale;

    /** The queries' rows of {@link #normed}: {@code [queries, hidden]}; {@code normed} itself where all tokens are. */
    INDArray queryNormed;

    /** The residual stream that the MLP reads: {@code [queries, hidden]}. */
    INDArray middle;

    /** {@code [queries, hidden]}. */
    INDArray mlpNormed;

    /** {@code [queries, 1]}. */
    INDArray mlpNormScale;

    /** The MLP before its activation, gates included: {@code [queries, intermediate]} or twice that. */
    INDArray upped;

    /** The MLP behind its activation: {@code [queries, intermediate]}. */
    INDArray activated;

    BlockActivations(DecoderConfig config, Kernels kernels) {
        int hidden = config.hiddenSize();
        normeds = new RowBuffer(kernels, hidden);
        normScales = new RowBuffer(kernels, 1);
        queryNormeds = new RowBuffer(kernels, hidden);
        middles = new RowBuffer(kernels, hidden);
        mlpNormeds = new RowBuffer(kernels, hidden);
        mlpNormScales = new RowBuffer(kernels, 1);
        uppeds = new RowBuffer(kernels, Mlp.upWidth(config.mlp()));
        activateds = new RowBuffer(kernels, config.mlp().intermediateSize());
        outputs = new RowBuffer(kernels, hidden);
        attention = new AttentionActivations(config.attention(), kernels);
    }

    /**
     * Makes room for a batch.
     *
     * @param in {@link #input} from now on
     */
    void resize(BlockRows rows, INDArray in) {
        int n = rows.tokens();
        int m = rows.queries();
        input = in;
        if (normed == null || normed.rows() != n) {
            normed = normeds.rows(n);
            normScale = normScales.rows(n);
        }
        if (middle == null || middle.rows() != m) {
            middle = middles.rows(m);
            mlpNormed = mlpNormeds.rows(m);
            mlpNormScale = mlpNormScales.rows(m);
            upped = uppeds.rows(m);
            activated = activateds.rows(m);
        }
        queryNormed = rows.selected() == null ? normed : queryNormeds.rows(m);
        attention.resize(n, m);
    }

    /**
     * What room for such batches takes, {@link #input} aside.
     *
     * @param selected queries where those are not all tokens, which have an {@link #output} here
     */
    long bytes(int tokens, int queries, int selected) {
        return normeds.bytes(tokens)
                + normScales.bytes(tokens)
                + queryNormeds.bytes(selected)
                + middles.bytes(queries)
                + mlpNormeds.bytes(queries)
                + mlpNormScales.bytes(queries)
                + uppeds.bytes(queries)
                + activateds.bytes(queries)
                + outputs.bytes(selected)
                + attention.bytes(tokens, queries);
    }

    /** A place for the block's output, {@code [queries, hidden]}, where no other is at hand. */
    INDArray output() {
        return outputs.rows(middle.rows());
    }
}
