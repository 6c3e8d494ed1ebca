package dev.sparktune.model.hf;

import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;

/** Qwen2 and 2.5: Llama's form with biases on queries, keys and values. */
final class Qwen2 {
    static final Family FAMILY = new LlamaForm("qwen2", Qwen2::decoderConfig);

    private Qwen2() {}

    private static DecoderConfig decoderConfig(ConfigReader config) {
        int heads = config.integer("num_attention_heads");
        int maxPositions = config.integer("max_position_embeddings", 32_768);
        AttentionConfig attention = new AttentionConfig(
                heads,
                config.integer("num_key_value_heads", 32, heads),
                config.headDim(config.integer("hidden_size"), heads),
                true,
                false,
                false,
                QwenWindows.read(config, maxPositions));
        return LlamaForm.decoderConfig(config, maxPositions, attention, false);
    }
}
