package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The reference is printed by scripts/reference/adamw_run.py. */
class TrainerReferenceTest {
    @TempDir
    Path directory;

    @Test
    void losesAsPyTorchDoes() throws IOException {
        JsonNode reference = new ObjectMapper().readTree(getClass().getResource("adamw_run.json"));
        List<Double> losses = new ArrayList<>();
        List<Double> gradNorms = new ArrayList<>();
        TinyRun files = new TinyRun(directory);
        try (Decoder decoder = decoder(reference);
                TokenShards train = files.shards("reference.tokens", examples(reference));
                TokenShards none = files.shards("none.tokens", List.of())) {
            TrainOptions options = new TrainOptions(
                    0,
                    20,
                    6,
                    2,
                    1e-2,
                    LearningRateSchedule.Type.COSINE,
                    3,
                    0,
                    0.1,
                    0.9,
                    0.99,
                    1e-8,
                    0.5,
                    1,
                    0,
                    0,
                    1,
                    EarlyStopping.NEVER,
                    0);
            TrainingListener listener = new TrainingListener() {
                @Override
                public void onUpdate(Update update) {
                    losses.add(update.loss());
                    gradNorms.add(update.gradNorm());
                }
            };
            new Trainer(
                            decoder,
                            train,
                            none,
                            options,
                            files.checkpoints(),
                            Evaluation.Sampler.NONE,
                            listener,
                            Exchange.ALONE)
                    .run();
        }

        assertThat(losses).hasSize(20);
        for (int step = 0; step < losses.size(); step++) {
            assertThat(losses.get(step))
                    .as("loss of update %d", step + 1)
                    .isCloseTo(reference.get("losses").get(step).asDouble(), within(1e-3));
            assertThat(gradNorms.get(step))
                    .as("gradient norm of update %d", step + 1)
                    .isCloseTo(reference.get("grad_norms").get(step).asDouble(), within(1e-2));
        }
    }

    private static Decoder decoder(JsonNode reference) {
        JsonNode config = reference.get("config");
        int hidden = config.get("hidden_size").asInt();
        int heads = config.get("num_attention_heads").asInt();
        Decoder decoder = Decoder.create(
                new DecoderConfig(
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
                    .decode(reference.get("weights").get(tensor.name()).asText());
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

    private static List<TokenizedExample> examples(JsonNode reference) {
        List<TokenizedExample> examples = new ArrayList<>();
        for (JsonNode example : reference.get("examples")) {
            int[] ids = new int[example.get("ids").size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = example.get("ids").get(i).asInt();
            }
            examples.add(new TokenizedExample(ids, example.get("prompt_length").asInt()));
        }
        return examples;
    }
}
