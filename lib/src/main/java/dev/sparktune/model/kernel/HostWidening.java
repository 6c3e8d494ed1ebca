package dev.sparktune.model.kernel;

import java.nio.ShortBuffer;
import org.bytedeco.javacpp.FloatPointer;

/** Widens BFLOAT16 matrices to floats where they are used: blocks of rows, one after another into the same memory. */
final class HostWidening {
    /**
     * Elements of a block at most, but for a row that is longer: 16 MB of floats, which most maps of a small model fit in whole and
     * then give the bits of a float matrix.
     */
    static final int BLOCK = 1 << 22;

    /** Elements that a thread takes at a time. */
    private static final int CHUNK = 4096;

    /** Work on the matrix's rows from {@code first} on, as many as {@code block} has. */
    @FunctionalInterface
    interface BlockTask {
        void run(int first, HostMatrix block);
    }

    private final Workers workers;
    private FloatPointer memory;

    HostWidening(Workers workers) {
        this.workers = workers;
    }

    void blocks(HostBfloat16 matrix, BlockTask task) {
        int columns = matrix.columns();
        int most = Math.min(matrix.rows(), Math.max(1, BLOCK / columns));
        for (int first = 0; first < matrix.rows(); first += most) {
            int rows = Math.min(most, matrix.rows() - first);
            HostMatrix block = memory(rows, columns);
            widen(matrix.rows(first, rows), block);
            task.run(first, block);
        }
    }

    private HostMatrix memory(int rows, int columns) {
        long length = (long) rows * columns;
        if (memory == null || memory.capacity() < length) {
            if (memory != null) {
                memory.close();
            }
            memory = new FloatPointer(length);
        }
        return new HostMatrix(memory, memory.asBuffer(), rows, columns, columns);
    }

    /** As many numbers as the block has. */
    private void widen(ShortBuffer numbers, HostMatrix block) {
        int length = block.rows() * block.columns();
        workers.ranges((length + CHUNK - 1) / CHUNK, CHUNK, (start, end) -> {
            float[] wide = new float[CHUNK];
            short[] narrow = new short[CHUNK];
            for (int chunk = start; chunk < end; chunk++) {
                int at = chunk * CHUNK;
                int n = Math.min(CHUNK, length - at);
                HostBfloat16.read(numbers, at, wide, narrow, n);
                block.buffer().put(at, wide, 0, n);
            }
        });
    }

    /** {@code out[i] = table[rows[i]]}, or {@code out[i] += table[rows[i]]}. */
    static void gatherRows(HostBfloat16 table, int[] rows, HostMatrix out, boolean add) {
        int n = table.columns();
        float[] row = new float[n];
        float[] sum = new float[n];
        short[] narrow = new short[n];
        for (int i = 0; i < rows.length; i++) {
            HostBfloat16.read(table.rows(rows[i], 1), 0, row, narrow, n);
            if (add) {
                out.read(i, 0, sum, n);
                FloatMath.add(sum, row, n);
            }
            out.write(i, 0, row, n);
        }
    }
}
