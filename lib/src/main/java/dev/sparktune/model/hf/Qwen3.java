package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.List;

/** Qwen3: Llama's form with a norm over each head of queries and keys, and heads of a width of their own. */
final class Qwen3 implements Family {
    @Override
    public String modelType() {
        return "qwen3";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
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
        return LlamaForm.read(config, maxPositions, attention, false);
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
