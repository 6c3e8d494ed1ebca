package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Room for intermediate matrices that nobody needs after the call: one per use and width, shared by all parts of a decoder. */
public final class Scratch {
    private final Kernels kernels;
    private final Map<Key, RowBuffer> buffers = new HashMap<>();

    private record Key(String use, int columns) {}

    Scratch(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * {@code [rows, columns]} with whatever was left there.
     *
     * @param use the same memory for every caller who names this use: what is needed at the same time has different ones
     */
    public INDArray rows(String use, int rows, int columns) {
        return buffers.computeIfAbsent(new Key(use, columns), key -> new RowBuffer(kernels, columns))
                .rows(rows);
    }
}
