package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Final norm, logits and loss, at chosen rows of the residual stream only. */
final class Head {
    /** Bounds the memory of the logits where only their loss is wanted: 16 MB of floats at a time. */
    private static final int LOGITS_AT_A_TIME = 1 << 22;

    private final DecoderConfig config;
    private final Kernels kernels;
    private final Norm norm;
    private final Linear map;
    private final RowBuffer selecteds;
    private final RowBuffer normeds;
    private final RowBuffer normScales;
    private final RowBuffer logits;
    private final RowBuffer dNormeds;
    private final RowBuffer dSelecteds;

    Head(DecoderConfig config, Kernels kernels, TensorViews parameters) {
        this.config = config;
        this.kernels = kernels;
        norm = Norm.of(config.norm(), kernels, parameters, ParameterLayout.FINAL_NORM);
        map = new Linear(
                kernels,
                parameters,
                false,
                config.tieWordEmbeddings() ? ParameterLayout.EMBEDDING : ParameterLayout.HEAD);
        selecteds = new RowBuffer(kernels, config.hiddenSize());
        normeds = new RowBuffer(kernels, config.hiddenSize());
        normScales = new RowBuffer(kernels, 1);
        logits = new RowBuffer(kernels, config.vocabSize());
        dNormeds = new RowBuffer(kernels, config.hiddenSize());
        dSelecteds = new RowBuffer(kernels, config.hiddenSize());
    }

    /** What room for the gradient at so many rows takes, {@code logitRows} of which have their logits at a time. */
    static long bytes(DecoderConfig config, Kernels kernels, int rows, int logitRows) {
        long floats = (5L * config.hiddenSize() + 1) * rows + (long) config.vocabSize() * logitRows;
        return floats * kernels.dataType().width();
    }

    /** How many of so many rows have their logits at a time. */
    static int logitRows(DecoderConfig config, int rows) {
        return Math.min(rows, Math.max(1, LOGITS_AT_A_TIME / config.vocabSize()));
    }

    void trainInto(TensorViews gradients) {
        norm.trainInto(gradients);
        map.trainInto(gradients);
    }

    /** {@code [rows, vocab]}, valid until the next call. {@code stream [tokens, hidden]}. */
    INDArray logits(INDArray stream, int[] rows) {
        INDArray all = logits.rows(rows.length);
        map.forward(normed(stream, rows), null, all, false);
        return all;
    }

    TargetScores score(INDArray stream, int[] rows, int[] targets) {
        double[] logProbs = new double[rows.length];
        boolean[] greedy = new boolean[rows.length];
        INDArray normed = normed(stream, rows);
        for (int from = 0; from < rows.length; from += chunk()) {
            int to = Math.min(rows.length, from + chunk());
            INDArray some = logits.rows(to - from);
            map.forward(part(normed, from, to), null, some, false);
            kernels.score(some, Arrays.copyOfRange(targets, from, to), logProbs, greedy, from);
        }
        return new TargetScores(logProbs, greedy);
    }

    /** Loss over the rows; adds the gradients of the weights that are trained, and at the rows that of {@code dStream [tokens, hidden]}. */
    double lossGradient(INDArray stream, int[] rows, int[] targets, double gradientScale, INDArray dStream) {
        INDArray normed = normed(stream, rows);
        INDArray dNormed = dNormeds.rows(rows.length);
        double loss = 0;
        for (int from = 0; from < rows.length; from += chunk()) {
            int to = Math.min(rows.length, from + chunk());
            INDArray some = logits.rows(to - from);
            map.forward(part(normed, from, to), null, some, false);
            loss += kernels.crossEntropy(some, Arrays.copyOfRange(targets, from, to), gradientScale);
            map.backward(some, part(normed, from, to), null, part(dNormed, from, to), false);
        }
        INDArray dSelected = dSelecteds.rows(rows.length);
        kernels.fill(dSelected, 0);
        norm.backward(dNormed, selecteds.rows(rows.length), normScales.rows(rows.length), dSelected);
        kernels.addToRows(dSelected, rows, dStream);
        return loss;
    }

    private INDArray normed(INDArray stream, int[] rows) {
        INDArray selected = selecteds.rows(rows.length);
        INDArray normed = normeds.rows(rows.length);
        kernels.gatherRows(stream, rows, selected);
        norm.forward(selected, normed, normScales.rows(rows.length));
        return normed;
    }

    private int chunk() {
        return logitRows(config, Integer.MAX_VALUE);
    }

    private static INDArray part(INDArray matrix, int from, int to) {
        return from == 0 && to == matrix.rows() ? matrix : Views.rows(matrix, from, to - from);
    }
}
