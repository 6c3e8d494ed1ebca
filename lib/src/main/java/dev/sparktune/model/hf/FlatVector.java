package dev.sparktune.model.hf;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Pieces of a flat parameter array as Java floats. */
final class FlatVector {
    private final FlatElements elements;
    private final long first;

    /** @param array {@code [P]}, FLOAT, DOUBLE or BFLOAT16, no view */
    FlatVector(INDArray array) {
        this(array, 0);
    }

    /** @param first which element of the parameters the array's first is */
    FlatVector(INDArray array, long first) {
        if (array.isView()) {
            throw new IllegalArgumentException("parameters must be an array of their own, but are a view");
        }
        elements = FlatElements.of(array);
        this.first = first;
    }

    /**
     * Puts elements {@code [at, at + n)} of a stored tensor to where they belong, rounded to the nearest, ties to even.
     *
     * @throws ModelFormatException for a number that would become infinite
     */
    void write(HfTensor tensor, long at, float[] values, int n) {
        for (int i = 0; i < n; i++) {
            if (Math.abs(values[i]) >= elements.overflow() && !Float.isInfinite(values[i])) {
                throw new ModelFormatException("tensor '" + tensor.name() + "' has the value " + values[i] + ", which "
                        + elements.type() + " cannot hold; load it as float32");
            }
        }
        long start = tensor.offset() - first;
        if (tensor.order() == HfTensor.Order.SAME) {
            elements.put(start + at, values, n);
        } else {
            for (int i = 0; i < n; i++) {
                elements.put(start + tensor.order().place(at + i), values[i]);
            }
        }
    }

    /** Whether elements {@code [at, at + n)} of a stored tensor are what {@link #write} would make of these. */
    boolean holds(HfTensor tensor, long at, float[] values, int n) {
        float[] own = new float[n];
        read(tensor, at, own, n);
        for (int i = 0; i < n; i++) {
            if (Float.compare(own[i], elements.rounded(values[i])) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Takes elements {@code [at, at + n)} of a tensor in the order of its storage. */
    void read(HfTensor tensor, long at, float[] values, int n) {
        long start = tensor.offset() - first;
        if (tensor.order() == HfTensor.Order.SAME) {
            elements.get(start + at, values, n);
        } else {
            for (int i = 0; i < n; i++) {
                values[i] = elements.get(start + tensor.order().place(at + i));
            }
        }
    }
}
