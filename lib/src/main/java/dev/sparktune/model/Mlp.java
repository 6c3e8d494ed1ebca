package dev.sparktune.model;

import dev.sparktune.model.kernel.Activation;
import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The MLP of one block, plain or gated, from the normed stream to what is added to the stream. */
final class Mlp {
    private final Kernels kernels;
    private final Activation f;
    private final boolean gated;
    private final LinearMap up; // of a gated one: gates and ups side by side
    private final LinearMap down;

    Mlp(MlpConfig config, Kernels kernels, LinearMaps maps, int block) {
        String prefix = ParameterLayout.block(block);
        this.kernels = kernels;
        f = config.activation();
        gated = config.gated();
        up = gated ? maps.of(config.bias(), prefix + "gate", prefix + "up") : maps.of(config.bias(), prefix + "up");
        down = maps.of(config.bias(), prefix + "down");
    }

    /** Columns that {@link #forward} needs in {@code up}. */
    static int upWidth(MlpConfig config) {
        return config.gated() ? 2 * config.intermediateSize() : config.intermediateSize();
    }

    void trainInto(TensorViews gradients) {
        up.trainInto(gradients);
        down.trainInto(gradients);
    }

    /**
     * Computes what {@link #add} then adds to the stream.
     *
     * @param normed {@code [queries, hidden]}
     * @param rowKeys {@code [queries]}, or null: as in {@link LinearMap}
     * @param upped {@code [queries, upWidth]}, written: kept for the gradient
     * @param activated {@code [queries, intermediate]}, written: kept for the gradient
     */
    void activate(INDArray normed, long[] rowKeys, INDArray upped, INDArray activated) {
        up.forward(normed, rowKeys, upped, false);
        if (gated) {
            kernels.gate(f, upped, activated);
        } else {
            kernels.activate(f, upped, activated);
        }
    }

    /** Adds to {@code stream [queries, hidden]}. */
    void add(INDArray activated, long[] rowKeys, INDArray stream) {
        down.forward(activated, rowKeys, stream, true);
    }

    /**
     * Adds the gradients of the weights that are trained, writes {@code dNormed [queries, hidden]}, overwrites {@code upped}.
     *
     * @param dStream {@code [queries, hidden]}
     * @param dActivated {@code [queries, intermediate]}, for the gradient in between
     */
    void backward(
            INDArray dStream,
            INDArray normed,
            long[] rowKeys,
            INDArray upped,
            INDArray activated,
            INDArray dActivated,
            INDArray dNormed) {
        down.backward(dStream, activated, rowKeys, dActivated, false);
        if (gated) {
            kernels.gateGradient(f, dActivated, upped);
        } else {
            kernels.activationGradient(f, dActivated, upped);
        }
        up.backward(upped, normed, rowKeys, dNormed, false);
    }
}
