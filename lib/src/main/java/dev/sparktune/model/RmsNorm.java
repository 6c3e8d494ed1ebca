package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Kernels#rmsNorm} with its weight. */
final class RmsNorm implements Norm {
    private final Kernels kernels;
    private final String name;
    private final double eps;
    private final INDArray weight;
    private INDArray dWeight;

    RmsNorm(Kernels kernels, TensorViews parameters, String name, double eps) {
        this.kernels = kernels;
        this.name = name;
        this.eps = eps;
        weight = parameters.vector(name + ".weight");
    }

    @Override
    public void trainInto(TensorViews gradients) {
        dWeight = gradients.vector(name + ".weight");
    }

    @Override
    public void forward(INDArray x, INDArray out, INDArray inverseRms) {
        kernels.rmsNorm(x, weight, eps, out, inverseRms);
    }

    @Override
    public void backward(INDArray dOut, INDArray x, INDArray inverseRms, INDArray dX) {
        kernels.rmsNormGradient(dOut, x, weight, inverseRms, dX, dWeight);
    }
}
