package dev.sparktune.model;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A linear map of a block as attention and MLP see it: {@link Linear}, or that with what a {@link PeftMethod} adds. */
public interface LinearMap {
    /** {@link #backward} adds the gradients of what is trained of it to these from now on. */
    void trainInto(TensorViews gradients);

    /**
     * Writes y, or adds it to what {@code out} holds.
     *
     * @param x {@code [tokens, in]}
     * @param rowKeys {@code [tokens]}: what the randomness of each row follows from; null: there is none, as outside of training
     * @param out {@code [tokens, out]}
     */
    void forward(INDArray x, long[] rowKeys, INDArray out, boolean add);

    /**
     * Adds the gradients of what is trained; writes that of x, or adds it to what {@code dX} holds.
     *
     * @param dOut {@code [tokens, out]}
     * @param x {@code [tokens, in]}, as in the forward pass, which was the last of this map
     * @param rowKeys as in the forward pass
     * @param dX {@code [tokens, in]}
     */
    void backward(INDArray dOut, INDArray x, long[] rowKeys, INDArray dX, boolean add);
}
