package dev.sparktune.model;

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
        long stream = mix(seed + mix(tensor + 1));
        float[] values = new float[length];
        IntStream.range(0, length).parallel().forEach(i -> values[i] = (float) (range * normal(stream, i)));
        return Nd4j.createFromArray(values);
    }

    /** Standard normal by Box and Muller's transform of two uniform numbers. StrictMath: the same on every machine. */
    private static double normal(long stream, int element) {
        double u = unit(mix(stream + 2L * element));
        double v = unit(mix(stream + 2L * element + 1));
        return StrictMath.sqrt(-2 * StrictMath.log(1 - u)) * StrictMath.cos(2 * Math.PI * v);
    }

    private static double unit(long bits) {
        return (bits >>> 11) * 0x1.0p-53;
    }

    /** The finaliser of SplitMix64 (Steele, Lea and Flood 2014) behind its increment. */
    private static long mix(long counter) {
        long z = (counter + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
