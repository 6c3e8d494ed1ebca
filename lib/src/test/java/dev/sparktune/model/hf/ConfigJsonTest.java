package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.DecoderConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigJsonTest {
    private static final Path FILE = Path.of("config.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String SMALL = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 10, "hidden_size": 8,
             "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4, "custom": {"kept": true}}""";

    @Test
    void absentKeysHaveTransformersDefaults() {
        assertThat(read(SMALL)).isEqualTo(new DecoderConfig(10, 8, 12, 2, 4, 4, 2, 2048, 1e-6, 10_000, false));
    }

    @Test
    void bothSpellingsOfTheRotaryBaseAreRead() {
        assertThat(read(with("\"rope_theta\": 5e5")).ropeTheta()).isEqualTo(5e5);
        assertThat(read(with("\"rope_theta\": 5e5, \"rope_scaling\": null")).ropeTheta())
                .isEqualTo(5e5);
        assertThat(read(with("\"rope_parameters\": {\"rope_theta\": 3e5, \"rope_type\": \"default\"}"))
                        .ropeTheta())
                .isEqualTo(3e5);
        assertThat(read(with("\"rope_theta\": 3e5, \"rope_parameters\": {\"rope_theta\": 3e5}"))
                        .ropeTheta())
                .isEqualTo(3e5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"model_type\": \"mamba\" | has the model_type 'mamba'; supported is the model_type llama",
                "\"attention_bias\": true | has attention_bias true; supported is false",
                "\"mlp_bias\": true | has mlp_bias true; supported is false",
                "\"hidden_act\": \"gelu\" | has hidden_act \"gelu\"; supported is silu",
                "\"rope_scaling\": {\"rope_type\": \"llama3\"} | has the rope_scaling rope_type 'llama3'; supported is 'default', rotary positions without scaling",
                "\"rope_scaling\": {\"type\": \"linear\"} | has the rope_scaling rope_type 'linear'; supported is 'default', rotary positions without scaling",
                "\"rope_parameters\": {\"rope_type\": \"yarn\"} | has the rope_parameters rope_type 'yarn'; supported is 'default', rotary positions without scaling",
                "\"rope_parameters\": {\"partial_rotary_factor\": 0.5} | has the unsupported option rope_parameters.partial_rotary_factor",
                "\"rope_theta\": 1, \"rope_parameters\": {\"rope_theta\": 2} | has rope_theta 1, but 2.0 in rope_parameters",
                "\"quantization_config\": {} | has a quantization_config; weights in float32, float16 or bfloat16 are read",
                "\"hidden_size\": \"8\" | needs a whole number as hidden_size, but has \"8\"",
                "\"hidden_size\": 9 | has no head_dim, and its hidden_size 9 is no multiple of its num_attention_heads 4",
                "\"vocab_size\": null | needs a whole number as vocab_size, but has null",
                "\"rope_theta\": \"big\" | needs a number as rope_theta, but has \"big\"",
            })
    void whatTheDecoderDoesNotComputeIsRefusedByName(String option, String message) {
        assertThatThrownBy(() -> read(with(option)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json " + message);
    }

    @Test
    void anImpossibleShapeIsNamed() {
        assertThatThrownBy(() -> read(with("\"num_key_value_heads\": 3")))
                .hasMessage(
                        "config.json: num_attention_heads must be a multiple of num_key_value_heads, but 4 is none of 3");
    }

    @Test
    void writingKeepsTheBaseButForWhatDiffers() throws JsonProcessingException {
        ObjectNode base = (ObjectNode) MAPPER.readTree(with("\"rope_theta\": 5e5, \"torch_dtype\": \"bfloat16\""));
        DecoderConfig config = new DecoderConfig(16, 8, 12, 2, 4, 4, 2, 2048, 1e-6, 500_000, true);

        ObjectNode written = ConfigJson.write(base, ConfigJson.read(base, FILE), config, SaveDtype.FLOAT16);

        assertThat(written).isEqualTo(MAPPER.readTree("""
                {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 16, "hidden_size": 8,
                 "intermediate_size": 12, "num_hidden_layers": 2, "num_attention_heads": 4, "custom": {"kept": true},
                 "rope_theta": 500000.0, "torch_dtype": "float16", "dtype": "float16", "head_dim": 2,
                 "tie_word_embeddings": true, "rope_parameters": {"rope_theta": 500000.0, "rope_type": "default"}}"""));
        assertThat(ConfigJson.read(written, FILE)).isEqualTo(config);
    }

    private static String with(String option) {
        try {
            ObjectNode config = (ObjectNode) MAPPER.readTree(SMALL);
            config.setAll((ObjectNode) MAPPER.readTree("{" + option + "}"));
            return config.toString();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(option, e);
        }
    }

    private static DecoderConfig read(String json) {
        try {
            return ConfigJson.read(MAPPER.readTree(json), FILE);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
