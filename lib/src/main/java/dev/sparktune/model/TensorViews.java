package dev.sparktune.model;

import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tensors of a flat vector {@code [P]} by their names: of the parameters, or of their gradients. Tensors that lie one
 * after another can be taken together.
 */
public record TensorViews(INDArray flat, ParameterLayout layout) {
    /** {@code [sum of their lengths]}. */
    public INDArray vector(String... neighbours) {
        long length = 0;
        for (String name : neighbours) {
            length += following(neighbours[0], length, name).length();
        }
        return Views.vector(flat, layout.tensor(neighbours[0]).offset(), length);
    }

    /** {@code [sum of their rows, columns]}. */
    public INDArray matrix(String... neighbours) {
        long rows = 0;
        int columns = layout.tensor(neighbours[0]).shape()[1];
        for (String name : neighbours) {
            rows += following(neighbours[0], rows * columns, name).shape()[0];
        }
        return Views.matrix(flat, layout.tensor(neighbours[0]).offset(), rows, columns);
    }

    private ParameterLayout.Tensor following(String first, long distance, String name) {
        ParameterLayout.Tensor tensor = layout.tensor(name);
        if (tensor.offset() != layout.tensor(first).offset() + distance) {
            throw new IllegalStateException(name + " does not lie " + distance + " elements behind " + first);
        }
        return tensor;
    }
}
