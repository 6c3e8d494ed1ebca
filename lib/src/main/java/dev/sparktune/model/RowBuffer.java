package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A matrix {@code [rows, columns]} whose number of rows changes from batch to batch: its memory only grows, and earlier views end then. */
final class RowBuffer {
    private final Kernels kernels;
    private final int columns;
    private INDArray memory;
    private INDArray view;

    RowBuffer(Kernels kernels, int columns) {
        this.kernels = kernels;
        this.columns = columns;
    }

    /** How many rows there is room for once {@code rows} were asked for, where there was room for {@code before}; 0: none yet. */
    static int room(int before, int rows) {
        if (rows <= before) {
            return before;
        }
        return before == 0 ? rows : rows + rows / 4;
    }

    /** What room for so many rows takes. */
    long bytes(int rows) {
        return (long) rows * columns * kernels.dataType().width();
    }

    /** {@code [rows, columns]} with whatever was left there. */
    INDArray rows(int rows) {
        int before = memory == null ? 0 : memory.rows();
        if (before < rows) {
            if (memory != null) {
                memory.close(); // else it stays until Java collects its garbage
            }
            memory = kernels.allocate(room(before, rows), columns);
            view = null;
        }
        // A view costs ND4J as much as a small operation, and batches often have the size of the one before.
        if (view == null || view.rows() != rows) {
            view = Views.rows(memory, 0, rows);
        }
        return view;
    }
}
