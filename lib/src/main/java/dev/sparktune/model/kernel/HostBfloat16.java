package dev.sparktune.model.kernel;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A BFLOAT16 matrix in host memory, rows one after another: numbers are the upper halves of floats.
 *
 * @param buffer from the first element to the last
 */
record HostBfloat16(ShortBuffer buffer, int rows, int columns) {
    /** {@code [rows, columns]}, whole rows, or a vector {@code [n]} as one row. */
    static HostBfloat16 of(INDArray array) {
        int rows = array.rank() == 1 ? 1 : array.rows();
        int columns = Math.toIntExact(array.length() / rows);
        ShortPointer pointer = new ShortPointer(array.data().addressPointer()).capacity(array.length());
        return new HostBfloat16(pointer.asBuffer(), rows, columns);
    }

    /** Reads {@code length} numbers from element {@code at} on; {@code scratch} is at least as long. */
    void read(int at, float[] into, short[] scratch, int length) {
        buffer.get(at, scratch, 0, length);
        for (int i = 0; i < length; i++) {
            into[i] = Float.intBitsToFloat(scratch[i] << 16);
        }
    }
}
