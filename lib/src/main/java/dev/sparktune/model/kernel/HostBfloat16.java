package dev.sparktune.model.kernel;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A BFLOAT16 matrix in host memory, rows one after another: numbers are the upper halves of floats.
 *
 * @param pointer its first element
 */
record HostBfloat16(ShortPointer pointer, int rows, int columns) {
    /** {@code [rows, columns]}, whole rows, or a vector {@code [n]} as one row. */
    static HostBfloat16 of(INDArray array) {
        int rows = array.rank() == 1 ? 1 : array.rows();
        int columns = Math.toIntExact(array.length() / rows);
        return new HostBfloat16(new ShortPointer(array.data().addressPointer()), rows, columns);
    }

    /** The elements of rows {@code [from, from + count)}, fewer than 2^30: a buffer over all of a large table would end too early. */
    ShortBuffer rows(int from, int count) {
        return pointer.getPointer((long) from * columns)
                .capacity((long) count * columns)
                .asBuffer();
    }

    /** Reads {@code length} numbers from element {@code at} on; {@code scratch} is at least as long. */
    static void read(ShortBuffer buffer, int at, float[] into, short[] scratch, int length) {
        buffer.get(at, scratch, 0, length);
        for (int i = 0; i < length; i++) {
            into[i] = Float.intBitsToFloat(scratch[i] << 16);
        }
    }
}
