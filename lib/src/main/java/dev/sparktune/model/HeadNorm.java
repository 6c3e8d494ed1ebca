package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An RMS norm over each head of queries or keys, with one weight {@code [headDim]} for all heads. */
final class HeadNorm {
    private final Kernels kernels;
    private final RmsNorm norm;

    HeadNorm(Kernels kernels, TensorViews parameters, String name, double eps) {
        this.kernels = kernels;
        norm = new RmsNorm(kernels, parameters, name, eps);
    }

    void trainInto(TensorViews gradients) {
        norm.trainInto(gradients);
    }

    /**
     * @param heads {@code [tokens, heads * headDim]} slice, replaced by its normed form
     * @param before the same shape, written: what {@code heads} held
     * @param inverseRms {@code [tokens, heads]}, written
     */
    void forward(INDArray heads, INDArray before, INDArray inverseRms) {
        kernels.copy(heads, before);
        norm.forward(before, heads, inverseRms);
    }

    /**
     * Adds the weight's gradient.
     *
     * @param dHeads the gradient by the normed form, slice, replaced by that by what it was made of
     * @param scratch its shape
     */
    void backward(INDArray dHeads, INDArray before, INDArray inverseRms, INDArray scratch) {
        kernels.fill(scratch, 0);
        norm.backward(dHeads, before, inverseRms, scratch);
        kernels.copy(scratch, dHeads);
    }
}
