package dev.sparktune.model.kernel;

import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A float matrix in host memory, for loops that copy a row into a Java array (which the compiler vectorises loops over),
 * work there, and copy it back.
 *
 * @param pointer its first element
 * @param buffer the same memory, from the first element to the last
 * @param stride elements from one row to the next
 */
record HostMatrix(FloatPointer pointer, FloatBuffer buffer, int rows, int columns, int stride) {
    /** {@code [rows, columns]}, or a vector {@code [n]} as one row. */
    static HostMatrix of(INDArray array) {
        if (array.rank() == 1) {
            return of(array, 0, array.length());
        }
        // ND4J leaves the stride of a single row undefined; BLAS wants it no shorter than the row.
        long stride = array.rows() == 1 ? array.columns() : array.stride(0);
        long extent = (array.rows() - 1) * stride + array.columns();
        FloatPointer pointer = pointer(array, 0, extent);
        return new HostMatrix(pointer, pointer.asBuffer(), array.rows(), array.columns(), Math.toIntExact(stride));
    }

    /** Elements {@code [from, from + length)} of a flat vector, as one row. */
    static HostMatrix of(INDArray flat, long from, long length) {
        int columns = Math.toIntExact(length);
        FloatPointer pointer = pointer(flat, from, length);
        return new HostMatrix(pointer, pointer.asBuffer(), 1, columns, columns);
    }

    // A view of its own for each array: a Java buffer spans at most 2^31 - 1 elements, the flat vectors may have more.
    private static FloatPointer pointer(INDArray array, long from, long length) {
        if (array.dataType() != DataType.FLOAT) {
            throw new IllegalArgumentException("host kernels compute in FLOAT, but were given " + array.dataType());
        }
        return new FloatPointer(array.data().addressPointer())
                .capacity(from + length)
                .getPointer(from);
    }

    /** Columns {@code [from, from + count)}, in the same memory. */
    HostMatrix columns(int from, int count) {
        FloatPointer first = at(0, from);
        return new HostMatrix(first, first.asBuffer(), rows, count, stride);
    }

    FloatPointer at(long row, long column) {
        return pointer.getPointer(row * stride + column);
    }

    /** As a side of a product. */
    HostGemm.Side side(boolean transposed) {
        return new HostGemm.Side(pointer, stride, transposed);
    }

    /** A side of a product that starts at {@code (row, column)}. */
    HostGemm.Side side(long row, long column, boolean transposed) {
        return new HostGemm.Side(at(row, column), stride, transposed);
    }

    void read(int row, int column, float[] into, int length) {
        buffer.get(row * stride + column, into, 0, length);
    }

    void write(int row, int column, float[] from, int length) {
        buffer.put(row * stride + column, from, 0, length);
    }

    /** Copies {@code length} columns from {@code (row, column)} on to another matrix. */
    void copy(int row, int column, HostMatrix to, int toRow, int toColumn, int length) {
        to.buffer.put(toRow * to.stride + toColumn, buffer, row * stride + column, length);
    }
}
