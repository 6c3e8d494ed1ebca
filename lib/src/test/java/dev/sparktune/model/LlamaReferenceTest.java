package dev.sparktune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Against transformers' Llama; scripts/reference/llama_tiny.py made the values. */
class LlamaReferenceTest {
    @ParameterizedTest
    @CsvSource({"tied, DOUBLE, 1e-6", "tied, FLOAT, 1e-4", "untied, DOUBLE, 1e-6", "untied, FLOAT, 1e-4"})
    void logitsLossAndGradientsAreThoseOfTransformers(String name, DataType type, double tolerance) throws IOException {
        JsonNode reference = reference(name);
        try (Decoder decoder = decoder(reference, type)) {
            PackedBatch batch = batch(reference);
            double[] logits =
                    decoder.logits(batch).castTo(DataType.DOUBLE).ravel().toDoubleVector();
            assertThat(logits).containsExactly(doubles(reference.get("logits")), within(tolerance));

            double loss = decoder.forwardBackward(batch, 1, BlockListener.NONE);
            assertThat(loss).isCloseTo(reference.get("loss").asDouble(), within(10 * tolerance));
            double[] expected = doubles(reference.get("gradients"));
            double[] gradients = decoder.gradients().castTo(DataType.DOUBLE).toDoubleVector();
            for (ParameterLayout.Tensor tensor : decoder.layout().tensors()) {
                double difference = 0;
                double size = 0;
                for (int i = (int) tensor.offset(); i < tensor.offset() + tensor.length(); i++) {
                    difference += Math.pow(gradients[i] - expected[i], 2);
                    size += Math.pow(expected[i], 2);
                }
                assertThat(Math.sqrt(difference / size)).as(tensor.name()).isLessThan(tolerance);
            }
        }
    }

    static JsonNode reference(String name) throws IOException {
        try (InputStream in = LlamaReferenceTest.class.getResourceAsStream("llama_tiny.json")) {
            return new ObjectMapper().readTree(in).get(name);
        }
    }

    static Decoder decoder(JsonNode reference, DataType type) {
        JsonNode shape = reference.get("config");
        DecoderConfig config = DecoderConfig.llama(
                shape.get("vocabSize").asInt(),
                shape.get("hiddenSize").asInt(),
                shape.get("intermediateSize").asInt(),
                shape.get("numHiddenLayers").asInt(),
                shape.get("numAttentionHeads").asInt(),
                shape.get("numKeyValueHeads").asInt(),
                shape.get("headDim").asInt(),
                shape.get("maxPositionEmbeddings").asInt(),
                shape.get("rmsNormEps").asDouble(),
                shape.get("ropeTheta").asDouble(),
                shape.get("tieWordEmbeddings").asBoolean());
        Decoder decoder = Decoder.create(config, type);
        decoder.parameters()
                .assign(Nd4j.createFromArray(doubles(reference.get("parameters")))
                        .castTo(type));
        return decoder;
    }

    static PackedBatch batch(JsonNode reference) {
        List<TokenizedExample> examples = new ArrayList<>();
        for (JsonNode example : reference.get("examples")) {
            int[] ids = new int[example.get("ids").size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = example.get("ids").get(i).asInt();
            }
            examples.add(new TokenizedExample(ids, example.get("promptLength").asInt()));
        }
        return PackedBatch.of(examples);
    }

    private static double[] doubles(JsonNode values) {
        double[] array = new double[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i).asDouble();
        }
        return array;
    }
}
