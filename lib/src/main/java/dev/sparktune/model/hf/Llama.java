package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.List;

/** Llama 1 to 3, SmolLM2 and what else has their form. */
final class Llama implements Family {
    @Override
    public String modelType() {
        return "llama";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
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
        return LlamaForm.read(
                config, config.integer("max_position_embeddings", 2048), attention, config.flag("mlp_bias", false));
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
