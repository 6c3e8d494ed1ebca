package dev.sparktune.model.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Parts of row-major arrays that share their memory. Made from offsets and strides: {@code INDArray.get} loses parts of
 * views that end at the last row (run on 1.0.0-M2.1: it returns an empty array).
 */
public final class Views {
    private Views() {}

    /** A new array of zeros, outside of any of ND4J's workspaces: the decoder keeps its arrays between calls. */
    static INDArray zeros(DataType type, long... shape) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createUninitialized(type, shape, 'c').assign(0);
        }
    }

    /** Elements {@code [from, from + length)} of a flat vector, {@code [length]}. */
    public static INDArray vector(INDArray flat, long from, long length) {
        return Nd4j.create(flat.data(), new long[] {length}, new long[] {1}, flat.offset() + from, 'c');
    }

    /**
     * The memory of elements {@code [from, from + length)} of a flat vector in host memory, in the machine's byte order: what
     * is put into it is in the vector.
     *
     * @throws IllegalArgumentException for 2 GiB or more
     */
    public static ByteBuffer bytes(INDArray flat, long from, long length) {
        int width = flat.dataType().width();
        if (length * width > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a view of bytes ends at " + Integer.MAX_VALUE + ", but " + length * width + " were asked for");
        }
        // From an address of its own: a buffer counts from there by an int, and a flat vector goes on beyond 2 GiB.
        ByteBuffer bytes = new BytePointer(flat.data().addressPointer())
                .getPointer(from * width)
                .capacity(length * width)
                .asByteBuffer()
                .order(ByteOrder.nativeOrder());
        if (bytes.remaining() != length * width) {
            throw new IllegalStateException("a view of " + length * width + " bytes has " + bytes.remaining());
        }
        return bytes;
    }

    /** {@code [rows, columns]} from element {@code from} of a flat vector on. */
    public static INDArray matrix(INDArray flat, long from, long rows, long columns) {
        return Nd4j.create(flat.data(), new long[] {rows, columns}, new long[] {columns, 1}, flat.offset() + from, 'c');
    }

    /** {@code [rows, all columns]}, from row {@code from} on. */
    public static INDArray rows(INDArray matrix, long from, long rows) {
        return block(matrix, from, rows, 0, matrix.columns());
    }

    /** {@code [all rows, columns]}, from column {@code from} on. */
    public static INDArray columns(INDArray matrix, long from, long columns) {
        return block(matrix, 0, matrix.rows(), from, columns);
    }

    /** {@code [rows, columns]}, from {@code (row, column)} on. */
    public static INDArray block(INDArray matrix, long row, long rows, long column, long columns) {
        long stride = matrix.stride(0);
        return Nd4j.create(
                matrix.data(),
                new long[] {rows, columns},
                new long[] {stride, 1},
                matrix.offset() + row * stride + column,
                'c');
    }
}
