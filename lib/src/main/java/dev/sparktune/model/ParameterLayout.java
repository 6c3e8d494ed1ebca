package dev.sparktune.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each tensor lies in the flat parameter vector: the embedding and learned positions, then block by block in the order
 * of the forward pass, then the final norm, then the head where it is untied. Matrices are {@code [out, in]}, rows one after
 * another. Names are those of the parts; what a family's files call them is {@code model.hf}'s matter.
 */
public final class ParameterLayout {
    static final String EMBEDDING = "embedding";
    static final String POSITIONS = "positions";
    static final String FINAL_NORM = "final_norm";
    static final String HEAD = "head";

    /** What a tensor does: its random start and whether it decays follow from that. */
    public enum Role {
        MATRIX,
        /** The factor of a norm. */
        SCALE,
        BIAS
    }

    /** One tensor: {@code shape} is {@code [out, in]} or {@code [n]}; {@code offset} in elements. */
    public record Tensor(String name, Role role, int[] shape, long offset) {
        public long length() {
            long length = 1;
            for (int side : shape) {
                length *= side;
            }
            return length;
        }

        /** Weight decay is for matrices; norms and biases stay out of it, as in every published recipe. */
        public boolean decays() {
            return role == Role.MATRIX;
        }
    }

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<long[]> blocks = new ArrayList<>();
    private long length;

    private ParameterLayout() {}

    /** For what a {@link PeftMethod} trains: tensors outside of the blocks, then those of each block. */
    public static final class Builder {
        private final ParameterLayout layout = new ParameterLayout();

        /** Begins the next block, to which belongs what is added from now on, perhaps nothing. */
        public Builder block() {
            layout.blocks.add(new long[] {layout.length, layout.length});
            return this;
        }

        /** Adds a matrix behind what is there. */
        public Builder matrix(String name, int rows, int columns) {
            layout.add(name, Role.MATRIX, rows, columns);
            if (!layout.blocks.isEmpty()) {
                layout.blocks.get(layout.blocks.size() - 1)[1] = layout.length;
            }
            return this;
        }

        public ParameterLayout build() {
            return layout;
        }
    }

    public static ParameterLayout of(DecoderConfig config) {
        ParameterLayout layout = new ParameterLayout();
        int hidden = config.hiddenSize();
        layout.addMatrix(EMBEDDING, config.vocabSize(), hidden);
        if (config.rotary() == null) {
            layout.addMatrix(POSITIONS, config.maxPositionEmbeddings(), hidden);
        }
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            long from = layout.length;
            layout.addBlock(block(i), config);
            layout.blocks.add(new long[] {from, layout.length});
        }
        layout.addNorm(FINAL_NORM, config);
        if (!config.tieWordEmbeddings()) {
            layout.addMatrix(HEAD, config.vocabSize(), hidden);
        }
        return layout;
    }

    /** The first block whose backward pass leads to a tensor; the last where none has one. */
    int firstBlock() {
        int block = 0;
        while (block < blocks.size() - 1 && blocks.get(block)[1] == 0) {
            block++;
        }
        return block;
    }

    /** What the names of a block's tensors begin with. */
    public static String block(int block) {
        return "blocks." + block + ".";
    }

    /** Maps that read the same input lie one after another, so that they can be taken together. */
    private void addBlock(String block, DecoderConfig config) {
        AttentionConfig attention = config.attention();
        MlpConfig mlp = config.mlp();
        int hidden = config.hiddenSize();
        addNorm(block + "attention_norm", config);
        addMatrix(block + "query", attention.queryWidth(), hidden);
        addMatrix(block + "key", attention.keyWidth(), hidden);
        addMatrix(block + "value", attention.keyWidth(), hidden);
        if (attention.inputBias()) {
            addBias(block + "query", attention.queryWidth());
            addBias(block + "key", attention.keyWidth());
            addBias(block + "value", attention.keyWidth());
        }
        if (attention.headNorms()) {
            add(block + "query_norm.weight", Role.SCALE, attention.headDim());
            add(block + "key_norm.weight", Role.SCALE, attention.headDim());
        }
        addMatrix(block + "attention_output", hidden, attention.queryWidth());
        if (attention.outputBias()) {
            addBias(block + "attention_output", hidden);
        }
        addNorm(block + "mlp_norm", config);
        if (mlp.gated()) {
            addMatrix(block + "gate", mlp.intermediateSize(), hidden);
        }
        addMatrix(block + "up", mlp.intermediateSize(), hidden);
        if (mlp.gated() && mlp.bias()) {
            addBias(block + "gate", mlp.intermediateSize());
        }
        if (mlp.bias()) {
            addBias(block + "up", mlp.intermediateSize());
        }
        addMatrix(block + "down", hidden, mlp.intermediateSize());
        if (mlp.bias()) {
            addBias(block + "down", hidden);
        }
    }

    private void addMatrix(String map, int out, int in) {
        add(map + ".weight", Role.MATRIX, out, in);
    }

    private void addBias(String map, int out) {
        add(map + ".bias", Role.BIAS, out);
    }

    private void addNorm(String norm, DecoderConfig config) {
        add(norm + ".weight", Role.SCALE, config.hiddenSize());
        if (config.norm().kind() == NormConfig.Kind.LAYER) {
            addBias(norm, config.hiddenSize());
        }
    }

    private void add(String name, Role role, int... shape) {
        Tensor tensor = new Tensor(name, role, shape, length);
        tensors.put(name, tensor);
        length += tensor.length();
    }

    /** In the order of the vector. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
    }

    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    public Tensor tensor(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no tensor '" + name + "' in this model; it has " + tensors.keySet());
        }
        return tensor;
    }

    /** The slice {@code [from, to)} of the vector that block i owns: announced whole when its gradient is final. */
    public List<long[]> blocks() {
        return Collections.unmodifiableList(blocks);
    }

    /** All parameters, in elements. */
    public long length() {
        return length;
    }
}
