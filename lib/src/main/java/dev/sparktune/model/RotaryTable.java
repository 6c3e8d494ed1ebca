package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Turns heads by their positions; keeps cosines and sines as far as any sequence has reached. */
final class RotaryTable implements AutoCloseable {
    private final RotaryConfig config;
    private final int headDim;
    private final int maxPositions;
    private final Kernels kernels;
    private INDArray cos; // [positions, pairs]
    private INDArray sin;

    RotaryTable(RotaryConfig config, int headDim, int maxPositions, Kernels kernels) {
        this.config = config;
        this.headDim = headDim;
        this.maxPositions = maxPositions;
        this.kernels = kernels;
    }

    /** Makes room for positions {@code [0, positions)}. */
    void reach(int positions) {
        if (cos != null && cos.rows() >= positions) {
            return;
        }
        int rows = rows(positions, maxPositions);
        int pairs = config.inverseFrequencies().size();
        double[][] cosines = new double[rows][pairs];
        double[][] sines = new double[rows][pairs];
        for (int i = 0; i < pairs; i++) {
            for (int position = 0; position < rows; position++) {
                // Floats, as in transformers: at position 5,000 the rounding of an angle moves it by up to 2e-4.
                float angle = position * config.inverseFrequencies().get(i);
                cosines[position][i] = (float) Math.cos(angle) * config.magnitude();
                sines[position][i] = (float) Math.sin(angle) * config.magnitude();
            }
        }
        close();
        cos = kernels.allocate(rows, pairs);
        sin = kernels.allocate(rows, pairs);
        kernels.copy(Nd4j.create(cosines).castTo(kernels.dataType()), cos);
        kernels.copy(Nd4j.create(sines).castTo(kernels.dataType()), sin);
    }

    /** Frees the tables; {@link #reach} makes new ones. */
    @Override
    public void close() {
        if (cos != null) {
            cos.close();
            sin.close();
            cos = null;
        }
    }

    private static int rows(int positions, int maxPositions) {
        return Math.min(maxPositions, Math.max(64, Integer.highestOneBit(positions) * 2));
    }

    /** What the tables take once they reach {@code positions}. */
    static long bytes(RotaryConfig config, int positions, int maxPositions, Kernels kernels) {
        return 2L
                * rows(positions, maxPositions)
                * config.inverseFrequencies().size()
                * kernels.dataType().width();
    }

    /** In place. {@code heads [tokens, heads * headDim]} slice, {@code positions [tokens]}. */
    void turn(INDArray heads, int[] positions) {
        kernels.rotate(heads, headDim, positions, cos, sin, false);
    }

    /** Replaces the gradient by what {@link #turn} gave by that by what it took. */
    void turnGradient(INDArray dHeads, int[] positions) {
        kernels.rotate(dHeads, headDim, positions, cos, sin, true);
    }
}
