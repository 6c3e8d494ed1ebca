package dev.sparktune.model.hf;

import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;

/** Qwen3: Llama's form with a norm over each head of queries and keys, and heads of a width of their own. */
final class Qwen3 {
    static final Family FAMILY = new LlamaForm("qwen3", Qwen3::decoderConfig);

    private Qwen3() {}

    private static DecoderConfig decoderConfig(ConfigReader config) {
        int heads = config.integer("num_attention_heads");
        int maxPositions = config.integer("max_position_embeddings", 32_768);
        boolean bias = config.flag("attention_bias", false);
        AttentionConfig attention = new AttentionConfig(
                heads,
                config.integer("num_key_value_heads", 32, heads),
                config.integer("head_dim", 128),
                bias,
                bias,
                true,
                QwenWindows.read(config, maxPositions));
        return LlamaForm.decoderConfig(config, maxPositions, attention, false);
    }
}
