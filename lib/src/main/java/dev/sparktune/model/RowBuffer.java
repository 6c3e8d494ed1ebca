package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A matrix {@code [rows, columns]} whose number of rows changes from batch to batch: its memory only grows. */
final class RowBuffer {
    private final Kernels kernels;
    private final int columns;
    private INDArray memory;
    private INDArray view;

    RowBuffer(Kernels kernels, int columns) {
        this.kernels = kernels;
        this.columns = columns;
    }

    /** {@code [rows, columns]} with whatever was left there. */
    INDArray rows(int rows) {
        if (memory == null || memory.rows() < rows) {
            memory = kernels.allocate(memory == null ? rows : Math.max(rows, rows + rows / 4), columns);
            view = null;
        }
        // A view costs ND4J as much as a small operation, and batches often have the size of the one before.
        if (view == null || view.rows() != rows) {
            view = Views.rows(memory, 0, rows);
        }
        return view;
    }
}
