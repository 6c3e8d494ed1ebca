package dev.sparktune.model.hf;

import dev.sparktune.model.Decoder;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The weights of a decoder as its adapter, if it has one, makes them: one tensor at a time, in little memory. */
final class MergedWeights implements SafetensorsWriter.Source, AutoCloseable {
    private final Decoder decoder;
    private final FlatVector own;
    private HfTensor current;
    private INDArray memory; // null: the current tensor is the base's own
    private FlatVector merged;

    MergedWeights(Decoder decoder) {
        this.decoder = decoder;
        own = new FlatVector(decoder.parameters());
    }

    @Override
    public void read(HfTensor tensor, long at, float[] values, int n) {
        if (tensor != current) {
            close();
            current = tensor;
            memory = decoder.merged(tensor.offset(), tensor.length());
            merged = memory == null ? own : new FlatVector(memory, tensor.offset());
        }
        merged.read(tensor, at, values, n);
    }

    /** Frees the last tensor. */
    @Override
    public void close() {
        if (memory != null) {
            memory.close();
            memory = null;
        }
    }
}
