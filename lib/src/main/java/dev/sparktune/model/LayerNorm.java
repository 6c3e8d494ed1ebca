package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** {@link Kernels#layerNorm} with its weight and bias. */
final class LayerNorm implements Norm {
    private final Kernels kernels;
    private final String name;
    private final double eps;
    private final INDArray weight;
    private final INDArray bias;
    private INDArray dWeight;
    private INDArray dBias;

    LayerNorm(Kernels kernels, TensorViews parameters, String name, double eps) {
        this.kernels = kernels;
        this.name = name;
        this.eps = eps;
        weight = parameters.vector(name + ".weight");
        bias = parameters.vector(name + ".bias");
    }

    @Override
    public void trainInto(TensorViews gradients) {
        dWeight = gradients.vector(name + ".weight");
        dBias = gradients.vector(name + ".bias");
    }

    @Override
    public void forward(INDArray x, INDArray out, INDArray inverseDeviation) {
        kernels.layerNorm(x, weight, bias, eps, out, inverseDeviation);
    }

    @Override
    public void backward(INDArray dOut, INDArray x, INDArray inverseDeviation, INDArray dX) {
        kernels.layerNormGradient(dOut, x, weight, inverseDeviation, dX, dWeight, dBias);
    }
}
