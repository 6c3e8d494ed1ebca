package dev.sparktune.model.hf;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pieces of a flat parameter array as Java floats. Goes through JavaCPP's pointers: they take offsets beyond the 2^31 bytes
 * that a ByteBuffer ends at, and copy a piece at once.
 */
final class FlatVector {
    private final INDArray array;

    /** @param array {@code [P]}, FLOAT or DOUBLE, no view */
    FlatVector(INDArray array) {
        if (array.isView() || (array.dataType() != DataType.FLOAT && array.dataType() != DataType.DOUBLE)) {
            throw new IllegalArgumentException("parameters must be one FLOAT or DOUBLE array of their own, but are "
                    + array.dataType() + (array.isView() ? ", a view" : ""));
        }
        this.array = array;
    }

    void write(long offset, float[] values, int n) {
        Pointer pointer = array.data().pointer();
        if (array.dataType() == DataType.FLOAT) {
            new FloatPointer(pointer).position(offset).put(values, 0, n);
        } else {
            double[] wide = new double[n];
            for (int i = 0; i < n; i++) {
                wide[i] = values[i];
            }
            new DoublePointer(pointer).position(offset).put(wide, 0, n);
        }
    }

    void read(long offset, float[] values, int n) {
        Pointer pointer = array.data().pointer();
        if (array.dataType() == DataType.FLOAT) {
            new FloatPointer(pointer).position(offset).get(values, 0, n);
        } else {
            double[] wide = new double[n];
            new DoublePointer(pointer).position(offset).get(wide, 0, n);
            for (int i = 0; i < n; i++) {
                values[i] = (float) wide[i];
            }
        }
    }
}
