package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Room for intermediate matrices that nobody needs after the call: one per width, shared by all parts of a decoder. */
public final class Scratch {
    private final Kernels kernels;
    private final Map<Integer, RowBuffer> buffers = new HashMap<>();

    Scratch(Kernels kernels) {
        this.kernels = kernels;
    }

    /** {@code [rows, columns]} with whatever was left there; the same memory for every caller. */
    public INDArray rows(int rows, int columns) {
        return buffers.computeIfAbsent(columns, width -> new RowBuffer(kernels, width))
                .rows(rows);
    }
}
