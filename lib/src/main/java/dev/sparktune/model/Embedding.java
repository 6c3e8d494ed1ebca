package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** From token ids, and learned positions where the model has them, to the residual stream. */
final class Embedding {
    private final Kernels kernels;
    private final INDArray tokens; // [vocab, hidden]
    private final INDArray positions; // [maxPositions, hidden]; null: positions are not learned
    private INDArray dTokens;
    private INDArray dPositions;

    Embedding(DecoderConfig config, Kernels kernels, TensorViews parameters) {
        this.kernels = kernels;
        tokens = parameters.matrix(ParameterLayout.EMBEDDING + ".weight");
        positions = config.rotary() == null ? parameters.matrix(ParameterLayout.POSITIONS + ".weight") : null;
    }

    void trainInto(TensorViews gradients) {
        dTokens = gradients.matrix(ParameterLayout.EMBEDDING + ".weight");
        dPositions = positions == null ? null : gradients.matrix(ParameterLayout.POSITIONS + ".weight");
    }

    /** Writes {@code stream [tokens, hidden]}; {@code ids [tokens]}, {@code places [tokens]}: their positions. */
    void forward(int[] ids, int[] places, INDArray stream) {
        kernels.gatherRows(tokens, ids, stream);
        if (positions != null) {
            kernels.addGatheredRows(positions, places, stream);
        }
    }

    void backward(INDArray dStream, int[] ids, int[] places) {
        kernels.addToRows(dStream, ids, dTokens);
        if (positions != null) {
            kernels.addToRows(dStream, places, dPositions);
        }
    }
}
