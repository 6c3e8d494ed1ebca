package dev.sparktune.model.kernel;

import java.nio.FloatBuffer;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A float matrix in host memory, for loops that copy a row into a Java array (which the compiler vectorises loops over),
 * work there, and copy it back.
 *
 * @param pointer its first element
 * @param buffer the same memory, from the first element to the last or to the {@value #SPAN}th
 * @param stride elements from one row to the next
 */
record HostMatrix(FloatPointer pointer, FloatBuffer buffer, int rows, int columns, int stride) {
    /** Elements that a buffer reaches: over native memory it ends at 2^31 - 1 bytes. Larger tables are read by their {@link #row}s. */
    static final int SPAN = Integer.MAX_VALUE / Float.BYTES;

    /** {@code [rows, columns]}, or a vector {@code [n]} as one row. */
    static HostMatrix of(INDArray array) {
        if (array.rank() == 1) {
            return of(array, 0, array.length());
        }
        // ND4J leaves the stride of a single row undefined; BLAS wants it no shorter than the row.
        long stride = array.rows() == 1 ? array.columns() : array.stride(0);
        long extent = (array.rows() - 1) * stride + array.columns();
        return of(pointer(array, 0, extent), array.rows(), array.columns(), Math.toIntExact(stride));
    }

    /**
     * Elements {@code [from, from + length)} of a flat vector, as one row.
     *
     * @throws IllegalArgumentException for more elements than a buffer reaches
     */
    static HostMatrix of(INDArray flat, long from, long length) {
        if (length > SPAN) {
            throw new IllegalArgumentException(
                    "a row has at most " + SPAN + " elements, but " + length + " were asked for");
        }
        return of(pointer(flat, from, length), 1, (int) length, (int) length);
    }

    private static HostMatrix of(FloatPointer pointer, int rows, int columns, int stride) {
        return new HostMatrix(pointer, pointer.asBuffer(), rows, columns, stride);
    }

    // Of the array's own length, and from its own first element on: the flat vectors are longer than a buffer.
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
        return of(at(0, from), rows, count, stride);
    }

    /** One row, in the same memory, however far from the first. */
    HostMatrix row(int row) {
        return of(at(row, 0).capacity(columns), 1, columns, columns);
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
        buffer.get(index(row, column, length), into, 0, length);
    }

    void write(int row, int column, float[] from, int length) {
        buffer.put(index(row, column, length), from, 0, length);
    }

    /** Copies {@code length} columns from {@code (row, column)} on to another matrix. */
    void copy(int row, int column, HostMatrix to, int toRow, int toColumn, int length) {
        to.buffer.put(to.index(toRow, toColumn, length), buffer, index(row, column, length), length);
    }

    /** Where {@code length} elements lie in the buffer; as an int the place could wrap around to another. */
    private int index(int row, int column, int length) {
        long index = (long) row * stride + column;
        return (int) Objects.checkFromIndexSize(index, (long) length, (long) buffer.capacity());
    }
}
