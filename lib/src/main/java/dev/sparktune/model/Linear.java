package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map {@code y = x W^T + b}, or several that read the same x, taken together: their outputs lie side by side. All
 * linear maps of a block are of this class.
 */
final class Linear {
    private final Kernels kernels;
    private final String[] weights;
    private final String[] biases;
    private final INDArray weight; // [out, in]
    private final INDArray bias; // [out]; null: none
    private INDArray dWeight;
    private INDArray dBias;

    /**
     * @param bias whether the maps have biases
     * @param maps names in the layout, without {@code .weight} and {@code .bias}; neighbours there
     */
    Linear(Kernels kernels, TensorViews parameters, boolean bias, String... maps) {
        this.kernels = kernels;
        weights = Stream.of(maps).map(map -> map + ".weight").toArray(String[]::new);
        biases = Stream.of(maps).map(map -> map + ".bias").toArray(String[]::new);
        weight = parameters.matrix(weights);
        this.bias = bias ? parameters.vector(biases) : null;
    }

    /** {@link #backward} adds to these from now on. */
    void trainInto(TensorViews gradients) {
        dWeight = gradients.matrix(weights);
        dBias = bias == null ? null : gradients.vector(biases);
    }

    /**
     * Writes y, or adds it to what {@code out} holds.
     *
     * @param x {@code [tokens, in]}
     * @param out {@code [tokens, out]}
     */
    void forward(INDArray x, INDArray out, boolean add) {
        kernels.linear(x, weight, out, add);
        if (bias != null) {
            kernels.addBias(bias, out);
        }
    }

    /**
     * Adds the gradients of weight and bias; writes that of x, or adds it to what {@code dX} holds.
     *
     * @param dOut {@code [tokens, out]}
     * @param x {@code [tokens, in]}, as in the forward pass
     * @param dX {@code [tokens, in]}
     */
    void backward(INDArray dOut, INDArray x, INDArray dX, boolean add) {
        kernels.linearWeightGradient(dOut, x, dWeight);
        if (bias != null) {
            kernels.biasGradient(dOut, dBias);
        }
        kernels.linearInputGradient(dOut, weight, dX, add);
    }
}
