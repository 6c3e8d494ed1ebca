package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A norm with weights of its own. */
interface Norm {
    /** {@link #backward} adds to these from now on; before, the norm is frozen. */
    void trainInto(TensorViews gradients);

    /**
     * @param x {@code [tokens, hidden]}
     * @param out the same shape
     * @param scale {@code [tokens, 1]}, written: kept for the gradient
     */
    void forward(INDArray x, INDArray out, INDArray scale);

    /** Adds the gradients of the weights that are trained, and that of x to {@code dX [tokens, hidden]}. */
    void backward(INDArray dOut, INDArray x, INDArray scale, INDArray dX);

    /** {@code name} in the layout, without {@code .weight} and {@code .bias}. */
    static Norm of(NormConfig config, Kernels kernels, TensorViews parameters, String name) {
        return switch (config.kind()) {
            case RMS -> new RmsNorm(kernels, parameters, name, config.eps());
            case LAYER -> new LayerNorm(kernels, parameters, name, config.eps());
        };
    }
}
