package dev.sparktune.model.hf;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.bytedeco.javacpp.indexer.FloatIndexer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pieces of a flat parameter array as Java floats. Goes through JavaCPP's pointers: they take offsets beyond the 2^31 bytes
 * that a ByteBuffer ends at, and copy a piece at once.
 */
final class FlatVector {
    private final INDArray array;
    private final FloatIndexer floats; // for elements one by one; null for DOUBLE
    private final DoubleIndexer doubles;

    /** @param array {@code [P]}, FLOAT or DOUBLE, no view */
    FlatVector(INDArray array) {
        if (array.isView() || (array.dataType() != DataType.FLOAT && array.dataType() != DataType.DOUBLE)) {
            throw new IllegalArgumentException("parameters must be one FLOAT or DOUBLE array of their own, but are "
                    + array.dataType() + (array.isView() ? ", a view" : ""));
        }
        this.array = array;
        Pointer pointer = array.data().pointer();
        boolean single = array.dataType() == DataType.FLOAT;
        floats = single ? FloatIndexer.create(new FloatPointer(pointer)) : null;
        doubles = single ? null : DoubleIndexer.create(new DoublePointer(pointer));
    }

    /** Puts elements {@code [at, at + n)} of a stored tensor to where they belong. */
    void write(HfTensor tensor, long at, float[] values, int n) {
        if (tensor.order() != HfTensor.Order.SAME) {
            for (int i = 0; i < n; i++) {
                put(tensor.offset() + tensor.order().place(at + i), values[i]);
            }
        } else if (array.dataType() == DataType.FLOAT) {
            new FloatPointer(array.data().pointer())
                    .position(tensor.offset() + at)
                    .put(values, 0, n);
        } else {
            double[] wide = new double[n];
            for (int i = 0; i < n; i++) {
                wide[i] = values[i];
            }
            new DoublePointer(array.data().pointer())
                    .position(tensor.offset() + at)
                    .put(wide, 0, n);
        }
    }

    /** Takes elements {@code [at, at + n)} of a tensor in the order of its storage. */
    void read(HfTensor tensor, long at, float[] values, int n) {
        if (tensor.order() != HfTensor.Order.SAME) {
            for (int i = 0; i < n; i++) {
                values[i] = get(tensor.offset() + tensor.order().place(at + i));
            }
        } else if (array.dataType() == DataType.FLOAT) {
            new FloatPointer(array.data().pointer())
                    .position(tensor.offset() + at)
                    .get(values, 0, n);
        } else {
            double[] wide = new double[n];
            new DoublePointer(array.data().pointer())
                    .position(tensor.offset() + at)
                    .get(wide, 0, n);
            for (int i = 0; i < n; i++) {
                values[i] = (float) wide[i];
            }
        }
    }

    private void put(long at, float value) {
        if (floats != null) {
            floats.put(at, value);
        } else {
            doubles.put(at, value);
        }
    }

    private float get(long at) {
        return floats != null ? floats.get(at) : (float) doubles.get(at);
    }
}
