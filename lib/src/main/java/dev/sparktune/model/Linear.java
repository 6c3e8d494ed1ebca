package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A linear map {@code y = x W^T + b}, or several that read the same x, taken together: their outputs lie side by side. All
 * linear maps of a block are of this class, or wrap it.
 */
final class Linear implements LinearMap {
    private final Kernels kernels;
    private final String[] weights;
    private final String[] biases;
    private final INDArray weight; // [out, in]
    private final INDArray bias; // [out]; null: none
    private INDArray dWeight; // null: the map is frozen
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

    @Override
    public void trainInto(TensorViews gradients) {
        dWeight = gradients.matrix(weights);
        dBias = bias == null ? null : gradients.vector(biases);
    }

    @Override
    public void forward(INDArray x, long[] rowKeys, INDArray out, boolean add) {
        kernels.linear(x, weight, out, add);
        if (bias != null) {
            kernels.addBias(bias, out);
        }
    }

    @Override
    public void backward(INDArray dOut, INDArray x, long[] rowKeys, INDArray dX, boolean add) {
        if (dWeight != null) {
            kernels.linearWeightGradient(dOut, x, dWeight);
        }
        if (dBias != null) {
            kernels.biasGradient(dOut, dBias);
        }
        kernels.linearInputGradient(dOut, weight, dX, add);
    }
}
