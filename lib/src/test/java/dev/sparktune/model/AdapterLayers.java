package dev.sparktune.model;

import dev.sparktune.model.kernel.Activation;
import dev.sparktune.model.kernel.Kernels;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Adapter layers (Houlsby et al. 2019): {@code y + GELU(y D^T) U^T} behind attention and MLP of each block, of which D {@code [r, hidden]}
 * and U {@code [hidden, r]} alone are trained. Shows that it takes one class.
 */
record AdapterLayers(int r, int hiddenSize, int blocks) implements PeftMethod {
    private static final List<String> MAPS = List.of("attention_output", "down");

    @Override
    public ParameterLayout layout() {
        ParameterLayout.Builder builder = new ParameterLayout.Builder();
        for (int block = 0; block < blocks; block++) {
            builder.block();
            for (String map : MAPS) {
                builder.matrix(ParameterLayout.block(block) + map + ".D", r, hiddenSize);
                builder.matrix(ParameterLayout.block(block) + map + ".U", hiddenSize, r);
            }
        }
        return builder.build();
    }

    @Override
    public long numbersPerToken() {
        return (long) MAPS.size() * blocks * (hiddenSize + 2 * r);
    }

    @Override
    public void initialize(INDArray parameters, long seed) {
        new RandomStart(seed, 0.4).fill(parameters, layout());
    }

    @Override
    public LinearMap adapt(LinearMap map, List<String> names, AdapterParts parts) {
        String name = names.get(0);
        return parts.parameters().layout().has(name + ".D") ? new Layer(map, name, parts) : map;
    }

    private static final class Layer implements LinearMap {
        private final LinearMap map;
        private final String name;
        private final Kernels kernels;
        private final INDArray d;
        private final INDArray u;
        private final RowBuffer ys;
        private final RowBuffer lows;
        private final RowBuffer actives;
        private INDArray dD;
        private INDArray dU;

        Layer(LinearMap map, String name, AdapterParts parts) {
            this.map = map;
            this.name = name;
            kernels = parts.kernels();
            d = parts.parameters().matrix(name + ".D");
            u = parts.parameters().matrix(name + ".U");
            ys = new RowBuffer(kernels, d.columns());
            lows = new RowBuffer(kernels, d.rows());
            actives = new RowBuffer(kernels, d.rows());
        }

        @Override
        public void trainInto(TensorViews gradients) {
            dD = gradients.matrix(name + ".D");
            dU = gradients.matrix(name + ".U");
        }

        @Override
        public void forward(INDArray x, long[] rowKeys, INDArray out, boolean add) {
            INDArray y = ys.rows(x.rows());
            INDArray low = lows.rows(x.rows());
            INDArray active = actives.rows(x.rows());
            map.forward(x, rowKeys, y, false);
            kernels.linear(y, d, low, false);
            kernels.activate(Activation.GELU, low, active);
            kernels.linear(active, u, out, add);
            out.addi(y);
        }

        @Override
        public void backward(INDArray dOut, INDArray x, long[] rowKeys, INDArray dX, boolean add) {
            int rows = x.rows();
            INDArray dY = dOut.dup();
            INDArray dLow = kernels.allocate(rows, d.rows());
            kernels.linearWeightGradient(dOut, actives.rows(rows), dU);
            kernels.linearInputGradient(dOut, u, dLow, false);
            INDArray low = lows.rows(rows).dup();
            kernels.activationGradient(Activation.GELU, dLow, low);
            kernels.linearWeightGradient(low, ys.rows(rows), dD);
            kernels.linearInputGradient(low, d, dY, true);
            map.backward(dY, x, rowKeys, dX, add);
        }
    }
}
