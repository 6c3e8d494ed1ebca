package dev.sparktune.model.hf;

import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import java.util.Collections;
import java.util.List;

/** Mistral: Llama's form, its attention bound to a sliding window in all blocks alike, or to none. */
final class Mistral {
    static final Family FAMILY = new LlamaForm("mistral", Mistral::decoderConfig);

    private Mistral() {}

    private static DecoderConfig decoderConfig(ConfigReader config) {
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
        return LlamaForm.decoderConfig(config, maxPositions, attention, false);
    }

    private static List<Integer> windows(ConfigReader config, int maxPositions) {
        int window = config.integer("sliding_window", 4096, Integer.MAX_VALUE);
        return window >= maxPositions ? List.of() : Collections.nCopies(config.blocks("num_hidden_layers"), window);
    }
}
