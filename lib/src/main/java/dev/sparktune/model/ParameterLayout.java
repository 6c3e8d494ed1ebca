package dev.sparktune.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each tensor lies in the flat parameter vector, under its Hugging Face name: the embedding, then block by block in
 * the order of the forward pass, then the final norm, then the head where it is untied. Matrices are {@code [out, in]},
 * rows one after another, as in a safetensors file.
 */
public final class ParameterLayout {
    /** One tensor: {@code shape} is {@code [out, in]} or {@code [n]}; {@code offset} in elements. */
    public record Tensor(String name, int[] shape, long offset) {
        public long length() {
            long length = 1;
            for (int side : shape) {
                length *= side;
            }
            return length;
        }

        /** Weight decay is for matrices; norms stay out of it, as in every published recipe. */
        public boolean decays() {
            return shape.length > 1;
        }
    }

    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final List<long[]> blocks = new ArrayList<>();
    private long length;

    private ParameterLayout() {}

    public static ParameterLayout of(DecoderConfig config) {
        ParameterLayout layout = new ParameterLayout();
        int hidden = config.hiddenSize();
        layout.add("model.embed_tokens.weight", config.vocabSize(), hidden);
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String block = "model.layers." + i + ".";
            long from = layout.length;
            layout.add(block + "input_layernorm.weight", hidden);
            layout.add(block + "self_attn.q_proj.weight", config.queryWidth(), hidden);
            layout.add(block + "self_attn.k_proj.weight", config.keyWidth(), hidden);
            layout.add(block + "self_attn.v_proj.weight", config.keyWidth(), hidden);
            layout.add(block + "self_attn.o_proj.weight", hidden, config.queryWidth());
            layout.add(block + "post_attention_layernorm.weight", hidden);
            layout.add(block + "mlp.gate_proj.weight", config.intermediateSize(), hidden);
            layout.add(block + "mlp.up_proj.weight", config.intermediateSize(), hidden);
            layout.add(block + "mlp.down_proj.weight", hidden, config.intermediateSize());
            layout.blocks.add(new long[] {from, layout.length});
        }
        layout.add("model.norm.weight", hidden);
        if (!config.tieWordEmbeddings()) {
            layout.add("lm_head.weight", config.vocabSize(), hidden);
        }
        return layout;
    }

    private void add(String name, int... shape) {
        Tensor tensor = new Tensor(name, shape, length);
        tensors.put(name, tensor);
        length += tensor.length();
    }

    /** In the order of the vector. */
    public List<Tensor> tensors() {
        return List.copyOf(tensors.values());
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
