package dev.sparktune.model;

import dev.sparktune.model.kernel.CounterRandom;
import dev.sparktune.model.kernel.Views;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Random first parameters from a counter: element i of tensor t is a function of (seed, t, i), whatever else is drawn, in
 * whatever order, by however many threads.
 */
record RandomStart(long seed, double range) {
    RandomStart {
        if (!(range >= 0) || Double.isInfinite(range)) {
            throw new IllegalArgumentException("initializer_range must be at least 0 and finite, but is " + range);
        }
    }

    void fill(INDArray parameters, ParameterLayout layout) {
        for (int t = 0; t < layout.tensors().size(); t++) {
            ParameterLayout.Tensor tensor = layout.tensors().get(t);
            INDArray view = Views.vector(parameters, tensor.offset(), tensor.length());
            switch (tensor.role()) {
                case SCALE -> view.assign(1);
                case BIAS -> view.assign(0);
                case MATRIX ->
                    view.assign(normals(t, Math.toIntExact(tensor.length())).castTo(parameters.dataType()));
            }
        }
    }

    private INDArray normals(int tensor, int length) {
        long stream = CounterRandom.key(seed, tensor + 1);
        float[] values = new float[length];
        IntStream.range(0, length).parallel().forEach(i -> values[i] = (float) (range * normal(stream, i)));
        return Nd4j.createFromArray(values);
    }

    /** Standard normal by Box and Muller's transform of two uniform numbers. StrictMath: the same on every machine. */
    private static double normal(long stream, int element) {
        double u = CounterRandom.unit(stream, 2L * element);
        double v = CounterRandom.unit(stream, 2L * element + 1);
        return StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * Math.PI * v);
    }
}
