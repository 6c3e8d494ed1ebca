package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Cosines and sines of the rotary angles {@code position * theta^(-2i / headDim)}, as far as any sequence has reached. */
final class RotaryTable {
    private final DecoderConfig config;
    private final Kernels kernels;
    private INDArray cos;
    private INDArray sin;

    RotaryTable(DecoderConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
    }

    /** Makes room for positions {@code [0, positions)}. */
    void reach(int positions) {
        if (cos != null && cos.rows() >= positions) {
            return;
        }
        int rows = Math.min(config.maxPositionEmbeddings(), Math.max(64, Integer.highestOneBit(positions) * 2));
        int half = config.headDim() / 2;
        double[][] cosines = new double[rows][half];
        double[][] sines = new double[rows][half];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headDim());
            for (int position = 0; position < rows; position++) {
                cosines[position][i] = Math.cos(position * frequency);
                sines[position][i] = Math.sin(position * frequency);
            }
        }
        cos = kernels.allocate(rows, half);
        sin = kernels.allocate(rows, half);
        kernels.copy(Nd4j.create(cosines).castTo(kernels.dataType()), cos);
        kernels.copy(Nd4j.create(sines).castTo(kernels.dataType()), sin);
    }

    /** {@code [positions, headDim / 2]}. */
    INDArray cos() {
        return cos;
    }

    /** {@code [positions, headDim / 2]}. */
    INDArray sin() {
        return sin;
    }
}
