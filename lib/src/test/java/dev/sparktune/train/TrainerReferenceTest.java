package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The reference is printed by scripts/reference/adamw_run.py. */
class TrainerReferenceTest {
    private static final Map<String, String> THEIR_NAMES = Map.ofEntries(
            Map.entry("embedding", "embed_tokens"),
            Map.entry("attention_norm", "input_layernorm"),
            Map.entry("query", "self_attn.q_proj"),
            Map.entry("key", "self_attn.k_proj"),
            Map.entry("value", "self_attn.v_proj"),
            Map.entry("attention_output", "self_attn.o_proj"),
            Map.entry("mlp_norm", "post_attention_layernorm"),
            Map.entry("gate", "mlp.gate_proj"),
            Map.entry("up", "mlp.up_proj"),
            Map.entry("down", "mlp.down_proj"),
            Map.entry("final_norm", "norm"));

    @TempDir
    Path directory;

    @Test
    void losesAsPyTorchDoes() throws IOException {
        JsonNode reference = new ObjectMapper().readTree(getClass().getResource("adamw_run.json"));
        ReferenceRun run;
        try (Decoder decoder = decoder(reference)) {
            run = ReferenceRun.of(decoder, ReferenceRun.examples(reference), directory);
        }

        List<Double> losses = run.losses();
        assertThat(losses).hasSize(20);
        for (int step = 0; step < losses.size(); step++) {
            assertThat(losses.get(step))
                    .as("loss of update %d", step + 1)
                    .isCloseTo(reference.get("losses").get(step).asDouble(), within(1e-3));
            assertThat(run.gradNorms().get(step))
                    .as("gradient norm of update %d", step + 1)
                    .isCloseTo(reference.get("grad_norms").get(step).asDouble(), within(1e-2));
        }
    }

    private static Decoder decoder(JsonNode reference) {
        JsonNode config = reference.get("config");
        int hidden = config.get("hidden_size").asInt();
        int heads = config.get("num_attention_heads").asInt();
        Decoder decoder = Decoder.create(
                DecoderConfig.llama(
                        config.get("vocab_size").asInt(),
                        hidden,
                        config.get("intermediate_size").asInt(),
                        config.get("num_hidden_layers").asInt(),
                        heads,
                        config.get("num_key_value_heads").asInt(),
                        hidden / heads,
                        config.get("max_position_embeddings").asInt(),
                        config.get("rms_norm_eps").asDouble(),
                        10000,
                        true),
                DataType.FLOAT);
        for (ParameterLayout.Tensor tensor : decoder.layout().tensors()) {
            byte[] bytes = Base64.getDecoder()
                    .decode(reference.get("weights").get(theirName(tensor)).asText());
            float[] values = new float[(int) tensor.length()];
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(values);
            decoder.parameters()
                    .get(NDArrayIndex.interval(tensor.offset(), tensor.offset() + tensor.length()))
                    .assign(Nd4j.createFromArray(values));
        }
        return decoder;
    }

    /** {@code blocks.1.query.weight} is {@code model.layers.1.self_attn.q_proj.weight}. */
    private static String theirName(ParameterLayout.Tensor tensor) {
        String[] parts = tensor.name().split("\\.");
        String map = THEIR_NAMES.get(parts[parts.length - 2]);
        return (parts.length == 4 ? "model.layers." + parts[1] + "." : "model.") + map + ".weight";
    }
}
