package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.MlpConfig;
import dev.sparktune.model.NormConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.List;

/** GPT-2: learned positions, layer norms, biases; its maps are stored {@code [in, out]}, queries, keys and values in one. */
final class Gpt2 implements Family {
    @Override
    public String modelType() {
        return "gpt2";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
        config.require("scale_attn_weights", true);
        config.require("scale_attn_by_inverse_layer_idx", false);
        config.require("reorder_and_upcast_attn", false);
        config.require("add_cross_attention", false);
        int hidden = config.integer("n_embd");
        int heads = config.integer("n_head");
        int headDim = config.quotient("n_embd", hidden, "n_head", heads);
        return new DecoderConfig(
                config.integer("vocab_size"),
                hidden,
                config.blocks("n_layer"),
                config.integer("n_positions", 1024),
                new NormConfig(NormConfig.Kind.LAYER, config.number("layer_norm_epsilon", 1e-5)),
                new AttentionConfig(heads, heads, headDim, true, true, false, List.of()),
                new MlpConfig(
                        config.integer("n_inner", 4 * hidden),
                        config.activation("activation_function", "gelu_new"),
                        false,
                        true),
                null,
                false,
                config.flag("tie_word_embeddings", true));
    }

    @Override
    public HfTensors tensors(DecoderConfig config, ParameterLayout layout) {
        HfTensors tensors = new HfTensors(layout, "transformer.");
        tensors.same("wte.weight", "embedding.weight");
        tensors.same("wpe.weight", "positions.weight");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String theirs = "h." + i + ".";
            String ours = ParameterLayout.block(i);
            tensors.module(theirs + "ln_1", ours + "attention_norm");
            tensors.transposedModule(theirs + "attn.c_attn", ours + "query", ours + "key", ours + "value");
            tensors.transposedModule(theirs + "attn.c_proj", ours + "attention_output");
            tensors.module(theirs + "ln_2", ours + "mlp_norm");
            tensors.transposedModule(theirs + "mlp.c_fc", ours + "up");
            tensors.transposedModule(theirs + "mlp.c_proj", ours + "down");
        }
        tensors.module("ln_f", "final_norm");
        tensors.head("lm_head.weight");
        return tensors;
    }

    @Override
    public String ignoredNames() {
        return "(^|\\.)h\\.\\d+\\.attn\\.(masked_)?bias";
    }

    @Override
    public void writeBothSpellings(ConfigReader base, ObjectNode written) {
        written.put("n_ctx", base.integer("n_positions", 1024));
    }
}
