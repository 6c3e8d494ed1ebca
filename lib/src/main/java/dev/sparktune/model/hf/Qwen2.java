package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.List;

/** Qwen2 and 2.5: Llama's form with biases on queries, keys and values. */
final class Qwen2 implements Family {
    @Override
    public String modelType() {
        return "qwen2";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
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
