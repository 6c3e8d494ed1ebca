package dev.sparktune.model.hf;

import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import java.util.List;

/** Llama 1 to 3, SmolLM2 and what else has their form. */
final class Llama {
    static final Family FAMILY = new LlamaForm("llama", Llama::decoderConfig);

    private Llama() {}

    private static DecoderConfig decoderConfig(ConfigReader config) {
        config.require("rope_interleaved", false);
        int heads = config.integer("num_attention_heads");
        boolean bias = config.flag("attention_bias", false);
        AttentionConfig attention = new AttentionConfig(
                heads,
                config.integer("num_key_value_heads", heads),
                config.headDim(config.integer("hidden_size"), heads),
                bias,
                bias,
                false,
                List.of());
        return LlamaForm.decoderConfig(
                config, config.integer("max_position_embeddings", 2048), attention, config.flag("mlp_bias", false));
    }
}
