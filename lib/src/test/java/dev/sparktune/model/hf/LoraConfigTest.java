package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Lora;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LoraConfigTest {
    private static final Path FILE = Path.of("adapter_config.json");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'peft_type': 'PROMPT_TUNING' | has the peft_type 'PROMPT_TUNING'; supported are [LORA]",
                "'task_type': 'SEQ_CLS' | has the task_type 'SEQ_CLS'; supported is CAUSAL_LM",
                "'use_dora': true | has the option use_dora true, which is not supported",
                "'bias': 'all' | has bias 'all'; supported is none",
                "'modules_to_save': ['lm_head'] | has the option modules_to_save",
                "'layers_to_transform': [0] | has the option layers_to_transform",
                "'some_day': 3 | has the option some_day 3, which is not supported",
                "'init_lora_weights': 'pissa' | which changes the base's weights",
                "'r': 0 | r must be at least 1, but is 0",
                "'lora_alpha': -1 | alpha must be above 0, but is -1.0",
                "'target_modules': [] | target_modules must be names or a regular expression, but are empty",
                "'target_modules': '(' | target_modules is no regular expression: '('",
                "'alpha_pattern': {'[': 3} | alpha_pattern is no regular expression: '(.*\\.)?([)'",
                "'rank_pattern': {'q_proj': 'x'} | needs a whole number as rank_pattern of q_proj, but has \"x\"",
            })
    void whatIsNotComputedIsRefusedByName(String options, String message) {
        assertThatThrownBy(() -> read(options))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("adapter_config.json")
                .hasMessageContaining(message);
    }

    @Test
    void whatIsOffOrSaysNothingIsPassedOver() {
        LoraConfig config = (LoraConfig)
                read(
                        "'r': 4, 'lora_alpha': 6, 'use_dora': false, 'modules_to_save': null, 'loftq_config': {}, 'megatron_core':"
                                + " 'megatron.core', 'qalora_group_size': 16, 'peft_version': '0.21.2', 'fan_in_fan_out': true");
        assertThat(config).isEqualTo(new LoraConfig(4, 6, 0, new TargetModules(List.of("q_proj"), null), false));
    }

    @Test
    void modulesAreFoundByTheEndsOfTheirPathsOrByAnExpression() {
        assertThat(modules(List.of("v_proj", "1.mlp.up_proj")))
                .containsExactly(
                        "model.layers.0.self_attn.v_proj",
                        "model.layers.1.self_attn.v_proj",
                        "model.layers.1.mlp.up_proj");
        assertThat(modules(List.of("all-linear"))).hasSize(14);
        assertThat(modules(List.of("model\\.layers\\.0\\..*(gate|down)_proj")))
                .containsExactly("model.layers.0.mlp.gate_proj", "model.layers.0.mlp.down_proj");
        assertThatThrownBy(() -> modules(List.of("q_proj", "lm_head")))
                .hasMessageContaining("target_modules has 'lm_head', but")
                .hasMessageContaining("it has [down_proj, gate_proj, k_proj, o_proj, q_proj, up_proj, v_proj]");
        assertThatThrownBy(() -> modules(List.of("layers.*x_proj")))
                .hasMessageContaining("matches no linear map of")
                .hasMessageContaining("they are called like model.layers.0.self_attn.q_proj");
        assertThatThrownBy(() -> TargetModules.of(List.of("q_proj", "v.*")))
                .hasMessage("target_modules has 'v.*' among others; a regular expression stands alone");
    }

    @Test
    void anExpressionHasBounds() {
        assertThatThrownBy(() -> modules(List.of("x*".repeat(1001))))
                .hasMessage("target_modules has a regular expression of 2002 characters; the bound is 2000");
        assertThatThrownBy(() -> modules(List.of(".*.*.*.*.*.*.*!")))
                .hasMessageContaining("target_modules '.*.*.*.*.*.*.*!' tries too many ways to match model.layers.0");
        assertThatThrownBy(() -> modules(List.of("((){2147483647}){2147483647}")))
                .hasMessageContaining("repeats too often: the bound of its counts' product is 1000");
        assertThat(modules(List.of("model\\.layers\\.\\d{1,3}\\..*v_proj"))).hasSize(2);
    }

    @Test
    void ranksAndScalesFollowFromThePatterns() {
        LoraConfig config = (LoraConfig) read(
                "'r': 4, 'lora_alpha': 6, 'use_rslora': true, 'rank_pattern': {'layers.1.self_attn.q_proj': 9}, 'alpha_pattern':"
                        + " {'q_proj': 3}");
        List<Lora.Module> modules = config.on(base()).modules();
        assertThat(modules.stream().map(Lora.Module::r)).containsExactly(4, 9);
        assertThat(modules.stream().map(Lora.Module::scale)).containsExactly(3 / 2.0, 3 / 3.0);
    }

    private static PeftConfig read(String options) {
        String json = "{'peft_type': 'LORA', 'target_modules': ['q_proj'], " + options + "}";
        try {
            return PeftConfigs.read(new ConfigReader((ObjectNode) MAPPER.readTree(json.replace('\'', '"')), FILE));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static List<String> modules(List<String> targets) {
        return new LoraConfig(2, 2, 0, TargetModules.of(targets), false)
                .on(base()).modules().stream().map(Lora.Module::name).toList();
    }

    private static ModelInfo base() {
        ObjectNode json = MAPPER.createObjectNode()
                .put("model_type", "llama")
                .put("vocab_size", 10)
                .put("hidden_size", 8)
                .put("intermediate_size", 12)
                .put("num_hidden_layers", 2)
                .put("num_attention_heads", 4);
        return new ModelInfo(
                Path.of("base"),
                json,
                ModelInfo.decoderConfig(json, FILE),
                List.of(),
                OptionalInt.empty(),
                Optional.empty());
    }
}
