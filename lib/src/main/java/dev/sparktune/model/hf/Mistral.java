package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.Collections;
import java.util.List;

/** Mistral: Llama's form, its attention bound to a sliding window in all blocks alike, or to none. */
final class Mistral implements Family {
    @Override
    public String modelType() {
        return "mistral";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
        int heads = config.integer("num_attention_heads");
        int maxPositions = config.integer("max_position_embeddings", 131_072);
        AttentionConfig attention = new AttentionConfig(
                heads,
                config.integer("num_key_value_heads", 8, heads),
                config.headDim(config.integer("hidden_size"), heads),
                false,
                false,
                false,
                windows(config, maxPositions));
        return LlamaForm.read(config, maxPositions, attention, false);
    }

    private static List<Integer> windows(ConfigReader config, int maxPositions) {
        int window = config.integer("sliding_window", 4096, Integer.MAX_VALUE);
        return window >= maxPositions ? List.of() : Collections.nCopies(config.blocks("num_hidden_layers"), window);
    }

    @Override
    public List<HfTensor> tensors(DecoderConfig config, ParameterLayout layout) {
        return LlamaForm.tensors(config, layout);
    }

    @Override
    public String ignoredNames() {
        return LlamaForm.IGNORED;
    }

    @Override
    public void writeBothSpellings(ConfigReader base, ObjectNode written) {
        LlamaForm.ROPE.writeBothSpellings(base, written);
    }
}
