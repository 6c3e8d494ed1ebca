package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.AttentionConfig;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.MlpConfig;
import dev.sparktune.model.NormConfig;
import dev.sparktune.model.RotaryConfig;
import dev.sparktune.model.kernel.Activation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FamiliesTest {
    private static final Path FILE = Path.of("config.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String SIZES = """
            {"vocab_size": 10, "hidden_size": 8, "intermediate_size": 12, "num_hidden_layers": 2,
             "num_attention_heads": 4""";

    private static final String LLAMA =
            SIZES + ", \"model_type\": \"llama\", \"architectures\": [\"LlamaForCausalLM\"]}";
    private static final String MISTRAL = SIZES + ", \"model_type\": \"mistral\", \"num_key_value_heads\": 2}";
    private static final String QWEN2 = SIZES + ", \"model_type\": \"qwen2\", \"num_key_value_heads\": 2}";
    private static final String QWEN3 = SIZES + ", \"model_type\": \"qwen3\", \"num_key_value_heads\": 2}";
    private static final String NEOX = SIZES + ", \"model_type\": \"gpt_neox\", \"hidden_act\": \"gelu\"}";
    private static final String GPT2 = """
            {"model_type": "gpt2", "vocab_size": 10, "n_embd": 8, "n_layer": 2, "n_head": 4, "n_ctx": 1024,
             "activation_function": "gelu_new", "resid_pdrop": 0.1, "summary_type": "cls_index",
             "task_specific_params": {"text-generation": {"do_sample": true}}}""";

    @Test
    void absentKeysHaveTransformersDefaults() {
        assertThat(read(LLAMA)).isEqualTo(DecoderConfig.llama(10, 8, 12, 2, 4, 4, 2, 2048, 1e-6, 10_000, false));
        assertThat(read(GPT2))
                .isEqualTo(new DecoderConfig(
                        10,
                        8,
                        2,
                        1024,
                        new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                        new AttentionConfig(4, 4, 2, true, true, false, List.of()),
                        new MlpConfig(32, Activation.GELU_TANH, false, true),
                        null,
                        false,
                        true));
        assertThat(read(with(NEOX, "\"hidden_size\": 48")))
                .isEqualTo(new DecoderConfig(
                        10,
                        48,
                        2,
                        2048,
                        new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                        new AttentionConfig(4, 4, 12, true, true, false, List.of()),
                        new MlpConfig(12, Activation.GELU, false, true),
                        RotaryConfig.unscaled(10_000, 3),
                        true,
                        false));
        assertThat(read(QWEN3).attention()).isEqualTo(new AttentionConfig(4, 2, 128, false, false, true, List.of()));
        assertThat(read(QWEN2).attention()).isEqualTo(new AttentionConfig(4, 2, 2, true, false, false, List.of()));
    }

    @Test
    void slidingWindowsAreThoseOfTheBlocks() {
        assertThat(windows(MISTRAL, "")).isEqualTo(List.of(4096, 4096));
        assertThat(windows(MISTRAL, "\"sliding_window\": null")).isEmpty();
        assertThat(windows(MISTRAL, "\"sliding_window\": 99, \"max_position_embeddings\": 99"))
                .isEmpty();
        assertThat(windows(QWEN2, "\"sliding_window\": 7, \"max_window_layers\": 1"))
                .isEmpty();
        assertThat(windows(QWEN2, "\"use_sliding_window\": true, \"sliding_window\": 7, \"max_window_layers\": 1"))
                .isEqualTo(List.of(Integer.MAX_VALUE, 7));
        assertThat(windows(
                        QWEN3,
                        "\"use_sliding_window\": true, \"sliding_window\": 7,"
                                + " \"layer_types\": [\"sliding_attention\", \"full_attention\"]"))
                .isEqualTo(List.of(7, Integer.MAX_VALUE));
    }

    private static List<Integer> windows(String config, String option) {
        return read(with(config, option)).attention().windows();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"rope_theta\": 5e5",
                "\"rope_theta\": 5e5, \"rope_scaling\": null",
                "\"rope_parameters\": {\"rope_theta\": 500000, \"rope_type\": \"default\"}",
                "\"rope_theta\": 5e5, \"rope_parameters\": {\"rope_theta\": 500000}",
            })
    void bothSpellingsOfTheRotaryBaseAreRead(String option) {
        assertThat(read(with(LLAMA, option)).rotary()).isEqualTo(RotaryConfig.unscaled(5e5, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"rotary_pct\": 0.5, \"rotary_emb_base\": 300",
                "\"rope_parameters\": {\"partial_rotary_factor\": 0.5, \"rope_theta\": 300.0}",
            })
    void bothSpellingsOfThePartialRotationAreRead(String option) {
        assertThat(read(with(NEOX, "\"hidden_size\": 48, " + option)).rotary())
                .isEqualTo(RotaryConfig.unscaled(300, 6));
    }

    @Test
    void bothSpellingsOfTheScalingAreRead() {
        String llama3 = "\"factor\": 8, \"low_freq_factor\": 1, \"high_freq_factor\": 4,"
                + " \"original_max_position_embeddings\": 64}";
        RotaryConfig old = read(with(
                        LLAMA,
                        "\"head_dim\": 6, \"rope_theta\": 500, \"rope_scaling\": {\"rope_type\": \"llama3\", "
                                + llama3))
                .rotary();
        assertThat(read(with(
                                LLAMA,
                                "\"head_dim\": 6, \"rope_parameters\": {\"rope_theta\": 500, \"rope_type\": \"llama3\", "
                                        + llama3))
                        .rotary())
                .isEqualTo(old);
        // Wavelengths 2 pi, 50 and 396 in a context of 64: kept below 16, blended, divided by 8 above 64.
        List<Float> unscaled = RotaryConfig.unscaled(500, 6).inverseFrequencies();
        assertThat(old.inverseFrequencies().get(0)).isEqualTo(unscaled.get(0));
        assertThat(old.inverseFrequencies().get(1)).isBetween(unscaled.get(1) / 8, unscaled.get(1));
        assertThat(old.inverseFrequencies().get(2)).isEqualTo(unscaled.get(2) / 8);
        assertThat(read(with(
                                LLAMA,
                                "\"head_dim\": 6, \"rope_theta\": 500,"
                                        + " \"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}"))
                        .rotary()
                        .inverseFrequencies())
                .isEqualTo(unscaled.stream().map(f -> f / 2).toList());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"mamba\" | has the model_type 'mamba'; supported are gpt2, gpt_neox, llama, mistral, qwen2, qwen3",
                "\"hidden_act\": \"quick_gelu\" | has hidden_act \"quick_gelu\"; supported are gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, relu, silu, swish",
                "\"rope_interleaved\": true | has rope_interleaved true; supported is false",
                "\"is_encoder_decoder\": true | has is_encoder_decoder true; supported is false",
                "\"rope_scaling\": {\"rope_type\": \"dynamic\", \"factor\": 2} | has the rope_type 'dynamic'; supported are default, linear and llama3",
                "\"rope_scaling\": {\"type\": \"longrope\"} | has the rope_type 'longrope'; supported are default, linear and llama3",
                "\"rope_parameters\": {\"rope_type\": \"llama3\", \"factor\": 8} | needs a number as low_freq_factor",
                "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 0} | has factor 0.0, which must be above 0",
                "\"rope_parameters\": {\"factor\": 2} | has the unsupported option factor 2 for the rope_type 'default'",
                "\"rope_parameters\": {\"partial_rotary_factor\": 0.5} | has partial_rotary_factor 0.5; supported is 1 for its model_type",
                "\"partial_rotary_factor\": 0.5 | has partial_rotary_factor 0.5; supported is 1 for its model_type",
                "\"is_causal\": false | has is_causal false; supported is true",
                "\"rope_theta\": 1, \"rope_parameters\": {\"rope_theta\": 2} | has rope_theta 1, but elsewhere 2",
                "\"rope_scaling\": {\"type\": \"linear\", \"factor\": 2}, \"rope_parameters\": {\"rope_type\": \"llama3\"} | has rope_scaling.type \"linear\", but elsewhere \"llama3\"",
                "\"quantization_config\": {\"bits\": 4} | has a quantization_config; weights in float32, float16 or bfloat16 are read",
                "\"sliding_window\": 4096 | has the unknown option sliding_window 4096; if the model computes the same without it, take it out of the file",
                "\"logit_scale\": 0.5 | has the unknown option logit_scale 0.5; if the model computes the same without it, take it out of the file",
                "\"hidden_size\": \"8\" | needs a whole number as hidden_size, but has \"8\"",
                "\"hidden_size\": 9 | has hidden_size 9, which is no multiple of num_attention_heads 4",
                "\"head_dim\": 7 | has heads of 7 columns, of which 7 are turned by their positions; this has to be at least 1, and even for whole heads",
                "\"head_dim\": 100000 | has heads of 100000 columns; the most that is taken is 65536",
                "\"num_hidden_layers\": 2000000000 | has num_hidden_layers 2000000000; the most that is taken is 100000",
                "\"vocab_size\": null | needs a whole number as vocab_size, but has null",
                "\"rope_theta\": \"big\" | needs a number as rope_theta, but has \"big\"",
                "\"tie_word_embeddings\": \"yes\" | needs true or false as tie_word_embeddings, but has \"yes\"",
            })
    void whatTheDecoderDoesNotComputeIsRefusedByName(String option, String message) {
        assertRefused(with(LLAMA, option), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"scale_attn_weights\": false | has scale_attn_weights false; supported is true",
                "\"scale_attn_by_inverse_layer_idx\": true | has scale_attn_by_inverse_layer_idx true; supported is false",
                "\"reorder_and_upcast_attn\": true | has reorder_and_upcast_attn true; supported is false",
                "\"add_cross_attention\": true | has add_cross_attention true; supported is false",
                "\"activation_function\": \"tanh\" | has activation_function \"tanh\"; supported are gelu, gelu_fast, gelu_new, gelu_python, gelu_pytorch_tanh, relu, silu, swish",
                "\"n_head\": 3 | has n_embd 8, which is no multiple of n_head 3",
                "\"pruned_heads\": {\"0\": [1]} | has the unknown option pruned_heads {\"0\":[1]}; if the model computes the same without it, take it out of the file",
            })
    void whatGpt2CanBeBesidesIsRefusedByName(String option, String message) {
        assertRefused(with(GPT2, option), message);
    }

    @Test
    void whatOtherFamiliesCanBeBesidesIsRefusedByName() {
        assertRefused(with(NEOX, "\"rotary_pct\": 0"), "has partial_rotary_factor 0.0, not within 0 and 1");
        assertRefused(
                with(NEOX, "\"rotary_pct\": 0.5, \"partial_rotary_factor\": 0.25"),
                "has partial_rotary_factor 0.25, but elsewhere 0.5");
        assertRefused(with(NEOX, "\"rotary_emb_base\": 10, \"rope_theta\": 20"), "has rope_theta 20, but elsewhere 10");
        assertRefused(
                with(QWEN2, "\"layer_types\": [\"full_attention\", \"linear_attention\"]"),
                "has \"linear_attention\" among its layer_types; supported are full_attention and sliding_attention");
        assertRefused(
                with(QWEN2, "\"layer_types\": [\"full_attention\"]"), "has 1 layer_types for num_hidden_layers 2");
        assertRefused(
                with(QWEN3, "\"layer_types\": [\"full_attention\", \"sliding_attention\"]"),
                "has layer_types with sliding_attention for block 1, but no sliding_window in use");
    }

    private static void assertRefused(String config, String message) {
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json " + message);
    }

    @Test
    void neoxMayHaveTheNamesOfTransformers4BesideItsOwn() {
        assertThat(read(with(
                        NEOX,
                        "\"rotary_pct\": 0.5, \"partial_rotary_factor\": 0.5, \"rotary_emb_base\": 99, \"rope_theta\": 99,"
                                + " \"hidden_dropout_prob\": 0.1")))
                .isEqualTo(read(with(NEOX, "\"rotary_pct\": 0.5, \"rotary_emb_base\": 99")));
    }

    @Test
    void qwenWithoutAWindowHasNone() {
        String unbounded = "\"use_sliding_window\": true, \"sliding_window\": null, \"max_window_layers\": 1";
        assertThat(read(with(QWEN2, unbounded))).isEqualTo(read(QWEN2));
    }

    @Test
    void whatNoLogitDependsOnIsPassedOver() {
        assertThat(read(with(
                        LLAMA,
                        "\"_model_name_or_path\": \"mine\", \"unk_token_id\": 0, \"attention_dropout\": 0.1,"
                                + " \"unsloth_version\": \"2\", \"torch_dtype\": \"bfloat16\", \"use_cache\": true,"
                                + " \"some_option\": false, \"another\": null, \"rope_scaling\": null, \"tags\": []")))
                .isEqualTo(read(LLAMA));
    }

    @Test
    void anImpossibleShapeIsNamed() {
        assertThatThrownBy(() -> read(with(LLAMA, "\"num_key_value_heads\": 3")))
                .hasMessage(
                        "config.json: num_attention_heads must be a multiple of num_key_value_heads, but 4 is none of 3");
        assertThatThrownBy(() -> read(with(LLAMA, "\"head_dim\": 2000000000")))
                .hasMessage(
                        "config.json: num_attention_heads * head_dim must be at most 1073741823, but is 8000000000");
        assertThatThrownBy(() -> read(with(MISTRAL, "\"sliding_window\": 0")))
                .hasMessage("config.json: sliding_window must be at least 1, but is 0");
    }

    @Test
    void writingKeepsTheBaseAndAddsTheOtherSpelling() throws JsonProcessingException {
        ObjectNode base = (ObjectNode) MAPPER.readTree(with(
                LLAMA,
                "\"rope_theta\": 5e5, \"torch_dtype\": \"bfloat16\", \"rope_scaling\": {\"rope_type\": \"linear\","
                        + " \"factor\": 2}, \"custom\": {}"));

        assertThat(written(base))
                .isEqualTo(MAPPER.readTree(with(
                        LLAMA,
                        "\"rope_theta\": 5e5, \"torch_dtype\": \"float16\", \"rope_scaling\": {\"rope_type\": \"linear\","
                                + " \"factor\": 2}, \"custom\": {}, \"dtype\": \"float16\", \"rope_parameters\":"
                                + " {\"rope_type\": \"linear\", \"factor\": 2, \"rope_theta\": 5e5}")));
        assertThat(ModelInfo.decoderConfig(written(base), FILE)).isEqualTo(ModelInfo.decoderConfig(base, FILE));

        ObjectNode neox = (ObjectNode) MAPPER.readTree(with(NEOX, "\"hidden_size\": 48"));
        assertThat(written(neox))
                .isEqualTo(MAPPER.readTree(with(
                        NEOX,
                        "\"hidden_size\": 48, \"torch_dtype\": \"float16\", \"dtype\": \"float16\", \"rotary_pct\": 0.25,"
                                + " \"rotary_emb_base\": 10000.0, \"rope_parameters\": {\"rope_theta\": 10000.0,"
                                + " \"rope_type\": \"default\", \"partial_rotary_factor\": 0.25}")));
    }

    private static ObjectNode written(ObjectNode base) {
        return HfModel.config(
                new ModelInfo(
                        Path.of(""),
                        base,
                        ModelInfo.decoderConfig(base, FILE),
                        List.of(),
                        OptionalInt.empty(),
                        Optional.empty()),
                SaveDtype.FLOAT16);
    }

    private static String with(String config, String option) {
        try {
            ObjectNode json = (ObjectNode) MAPPER.readTree(config);
            json.setAll((ObjectNode) MAPPER.readTree("{" + option + "}"));
            return json.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(option, e);
        }
    }

    private static DecoderConfig read(String json) {
        try {
            return ModelInfo.decoderConfig(MAPPER.readTree(json), FILE);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
