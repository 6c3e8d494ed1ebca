package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.MlpConfig;
import dev.sparktune.model.NormConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.function.Function;

/**
 * The form that Llama began with and Mistral and Qwen took over: keys of {@code config.json} and names of tensors.
 *
 * @param reader of {@code config.json}, in which these families differ
 */
record LlamaForm(String modelType, Function<ConfigReader, DecoderConfig> reader) implements Family {
    /** Rotary positions over whole heads, the base under {@code rope_theta}. */
    private static final RopeOptions ROPE = new RopeOptions("rope_theta", null, 1);

    @Override
    public DecoderConfig read(ConfigReader config) {
        return reader.apply(config);
    }

    /** All but attention, whose options differ. */
    static DecoderConfig decoderConfig(
            ConfigReader config, int maxPositions, AttentionConfig attention, boolean mlpBias) {
        return new DecoderConfig(
                config.integer("vocab_size"),
                config.integer("hidden_size"),
                config.blocks("num_hidden_layers"),
                maxPositions,
                new NormConfig(NormConfig.Kind.RMS, config.number("rms_norm_eps", 1e-6)),
                attention,
                new MlpConfig(
                        config.integer("intermediate_size"), config.activation("hidden_act", "silu"), true, mlpBias),
                ROPE.read(config, attention.headDim(), maxPositions),
                false,
                config.flag("tie_word_embeddings", false));
    }

    @Override
    public HfTensors tensors(DecoderConfig config, ParameterLayout layout) {
        HfTensors tensors = new HfTensors(layout, "model.");
        tensors.same("embed_tokens.weight", "embedding.weight");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String theirs = "layers." + i + ".";
            String ours = ParameterLayout.block(i);
            tensors.module(theirs + "input_layernorm", ours + "attention_norm");
            tensors.module(theirs + "self_attn.q_proj", ours + "query");
            tensors.module(theirs + "self_attn.k_proj", ours + "key");
            tensors.module(theirs + "self_attn.v_proj", ours + "value");
            if (config.attention().headNorms()) {
                tensors.module(theirs + "self_attn.q_norm", ours + "query_norm");
                tensors.module(theirs + "self_attn.k_norm", ours + "key_norm");
            }
            tensors.module(theirs + "self_attn.o_proj", ours + "attention_output");
            tensors.module(theirs + "post_attention_layernorm", ours + "mlp_norm");
            tensors.module(theirs + "mlp.gate_proj", ours + "gate");
            tensors.module(theirs + "mlp.up_proj", ours + "up");
            tensors.module(theirs + "mlp.down_proj", ours + "down");
        }
        tensors.module("norm", "final_norm");
        tensors.head("lm_head.weight");
        return tensors;
    }

    @Override
    public String ignoredNames() {
        return "\\.rotary_emb\\.inv_freq";
    }

    @Override
    public void writeBothSpellings(ConfigReader base, ObjectNode written) {
        ROPE.writeBothSpellings(base, written);
    }
}
