package dev.sparktune.model;

import dev.sparktune.model.kernel.CounterRandom;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A frozen linear map with LoRA (Hu et al. 2021) on some of its outputs: {@code y = x W^T + scale * dropout(x) A^T B^T}, for each
 * {@link Part} on its own columns of y.
 */
final class LoraLinear implements LinearMap {
    private final LinearMap map;
    private final List<Part> parts;

    LoraLinear(LinearMap map, List<Part> parts) {
        this.map = map;
        this.parts = parts;
    }

    @Override
    public void trainInto(TensorViews gradients) {
        parts.forEach(part -> part.trainInto(gradients));
    }

    @Override
    public void forward(INDArray x, long[] rowKeys, INDArray out, boolean add) {
        map.forward(x, rowKeys, out, add);
        for (Part part : parts) {
            part.forward(x, rowKeys, out);
        }
    }

    @Override
    public void backward(INDArray dOut, INDArray x, long[] rowKeys, INDArray dX, boolean add) {
        map.backward(dOut, x, rowKeys, dX, add);
        for (Part part : parts) {
            part.backward(dOut, x, rowKeys, dX);
        }
    }

    /** What one module adds to columns of y that lie side by side. */
    static final class Part {
        private static final String LOW = "low";
        private static final String DROPPED = "dropped";

        private final Lora.Module module;
        private final long key;
        private final double dropout;
        private final int firstColumn;
        private final int firstRow;
        private final int columns;
        private final Kernels kernels;
        private final Scratch scratch;
        private final INDArray a; // [r, in]
        private final INDArray b; // [columns, r]
        private final RowBuffer lows; // [tokens, r]: scale * dropout(x) A^T, kept for the gradient
        private INDArray dA;
        private INDArray dB;

        /**
         * @param firstColumn of the columns of y
         * @param firstRow of as many rows of the module's B
         */
        Part(Lora.Module module, double dropout, int firstColumn, int firstRow, int columns, AdapterParts parts) {
            this.module = module;
            key = module.key();
            this.dropout = dropout;
            this.firstColumn = firstColumn;
            this.firstRow = firstRow;
            this.columns = columns;
            kernels = parts.kernels();
            scratch = parts.scratch();
            a = parts.parameters().matrix(module.a());
            b = Views.rows(parts.parameters().matrix(module.b()), firstRow, columns);
            lows = new RowBuffer(kernels, module.r());
        }

        void trainInto(TensorViews gradients) {
            dA = gradients.matrix(module.a());
            dB = Views.rows(gradients.matrix(module.b()), firstRow, columns);
        }

        void forward(INDArray x, long[] rowKeys, INDArray out) {
            INDArray low = lows.rows(x.rows());
            kernels.linear(dropped(x, keys(rowKeys)), a, low, false);
            kernels.scale(low, module.scale());
            kernels.linear(low, b, columns(out), true);
        }

        void backward(INDArray dOut, INDArray x, long[] rowKeys, INDArray dX) {
            INDArray d = columns(dOut);
            INDArray dLow = scratch.rows(LOW, x.rows(), module.r());
            long[] keys = keys(rowKeys);
            kernels.linearWeightGradient(d, lows.rows(x.rows()), dB);
            kernels.linearInputGradient(d, b, dLow, false);
            kernels.scale(dLow, module.scale());
            kernels.linearWeightGradient(dLow, dropped(x, keys), dA);
            if (keys == null) {
                kernels.linearInputGradient(dLow, a, dX, true);
            } else {
                INDArray dDropped = scratch.rows(DROPPED, x.rows(), x.columns());
                kernels.linearInputGradient(dLow, a, dDropped, false);
                kernels.dropout(dDropped, dropout, keys, dX, true);
            }
        }

        private INDArray columns(INDArray matrix) {
            return columns == matrix.columns() ? matrix : Views.columns(matrix, firstColumn, columns);
        }

        /** Of this module's coins; null where none fall. */
        private long[] keys(long[] rowKeys) {
            if (rowKeys == null || dropout == 0) {
                return null;
            }
            long[] keys = new long[rowKeys.length];
            for (int i = 0; i < keys.length; i++) {
                keys[i] = CounterRandom.key(rowKeys[i], key);
            }
            return keys;
        }

        private INDArray dropped(INDArray x, long[] keys) {
            if (keys == null) {
                return x;
            }
            INDArray dropped = scratch.rows(DROPPED, x.rows(), x.columns());
            kernels.dropout(x, dropout, keys, dropped, false);
            return dropped;
        }
    }
}
