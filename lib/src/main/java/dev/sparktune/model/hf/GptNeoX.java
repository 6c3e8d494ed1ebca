package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.MlpConfig;
import dev.sparktune.model.NormConfig;
import dev.sparktune.model.ParameterLayout;
import java.util.List;

/** GPT-NeoX and Pythia: layer norms, biases, a part of each head turned; queries, keys and values stored head by head. */
final class GptNeoX implements Family {
    private static final RopeOptions ROPE = new RopeOptions("rotary_emb_base", "rotary_pct", 0.25);

    @Override
    public String modelType() {
        return "gpt_neox";
    }

    @Override
    public DecoderConfig read(ConfigReader config) {
        int hidden = config.integer("hidden_size");
        int heads = config.integer("num_attention_heads");
        int headDim = config.quotient("hidden_size", hidden, "num_attention_heads", heads);
        int maxPositions = config.integer("max_position_embeddings", 2048);
        boolean bias = config.flag("attention_bias", true);
        return new DecoderConfig(
                config.integer("vocab_size"),
                hidden,
                config.blocks("num_hidden_layers"),
                maxPositions,
                new NormConfig(NormConfig.Kind.LAYER, config.number("layer_norm_eps", 1e-5)),
                new AttentionConfig(heads, heads, headDim, bias, bias, false, List.of()),
                new MlpConfig(
                        config.integer("intermediate_size"), config.activation("hidden_act", "gelu"), false, true),
                ROPE.read(config, headDim, maxPositions),
                config.flag("use_parallel_residual", true),
                config.flag("tie_word_embeddings", false));
    }

    @Override
    public HfTensors tensors(DecoderConfig config, ParameterLayout layout) {
        HfTensors tensors = new HfTensors(layout, "gpt_neox.");
        AttentionConfig attention = config.attention();
        tensors.same("embed_in.weight", "embedding.weight");
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            String theirs = "layers." + i + ".";
            String ours = ParameterLayout.block(i);
            tensors.module(theirs + "input_layernorm", ours + "attention_norm");
            tensors.headByHeadModule(
                    theirs + "attention.query_key_value",
                    attention.numHeads(),
                    attention.headDim(),
                    ours + "query",
                    ours + "key",
                    ours + "value");
            tensors.module(theirs + "attention.dense", ours + "attention_output");
            tensors.module(theirs + "post_attention_layernorm", ours + "mlp_norm");
            tensors.module(theirs + "mlp.dense_h_to_4h", ours + "up");
            tensors.module(theirs + "mlp.dense_4h_to_h", ours + "down");
        }
        tensors.module("final_layer_norm", "final_norm");
        tensors.head("embed_out.weight", "lm_head.weight");
        return tensors;
    }

    @Override
    public String ignoredNames() {
        return "\\.attention\\.((masked_)?bias|rotary_emb\\.inv_freq)";
    }

    @Override
    public void writeBothSpellings(ConfigReader base, ObjectNode written) {
        ROPE.writeBothSpellings(base, written);
    }
}
