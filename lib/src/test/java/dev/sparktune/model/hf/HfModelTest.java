package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.Lora;
import dev.sparktune.model.ParameterLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class HfModelTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llama(17, 12, 20, 2, 4, 2, 6, 32, 1e-5, 20_000, true);

    private static final String CONFIG_JSON = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 17, "hidden_size": 12,
             "intermediate_size": 20, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "head_dim": 6, "max_position_embeddings": 32, "rms_norm_eps": 1e-5, "rope_theta": 20000,
             "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2, "torch_dtype": "bfloat16"}""";

    @TempDir
    private Path directory;

    private Path base;

    @BeforeEach
    void base() throws IOException {
        base = Files.createDirectory(directory.resolve("base"));
        Files.writeString(base.resolve("config.json"), CONFIG_JSON);
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void whatIsSavedInFloat32ComesBackBitForBit(DataType type) {
        try (Decoder decoder = random(type)) {
            // A float's worth of each number, so that DOUBLE, too, has nothing to lose.
            decoder.parameters()
                    .assign(decoder.parameters().castTo(DataType.FLOAT).castTo(type));
            HfModel.save(directory.resolve("saved"), decoder, base, SaveDtype.FLOAT32);

            try (Decoder loaded = HfModel.load(directory.resolve("saved"), type).decoder()) {
                assertThat(loaded.config()).isEqualTo(CONFIG);
                assertThat(loaded.parameters().dataType()).isEqualTo(type);
                assertThat(loaded.parameters().toDoubleVector())
                        .isEqualTo(decoder.parameters().toDoubleVector());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SaveDtype.class,
            names = {"FLOAT16", "BFLOAT16"})
    void narrowFormatsRoundOnce(SaveDtype dtype) {
        try (Decoder decoder = random(DataType.FLOAT)) {
            HfModel.save(directory.resolve("once"), decoder, base, dtype);
            try (Decoder once =
                    HfModel.load(directory.resolve("once"), DataType.FLOAT).decoder()) {
                float[] exact = decoder.parameters().toFloatVector();
                float[] rounded = once.parameters().toFloatVector();
                for (int i = 0; i < exact.length; i++) {
                    assertThat(rounded[i]).isEqualTo(round(exact[i], dtype));
                }
                HfModel.save(directory.resolve("twice"), once, base, dtype);
                assertThat(directory.resolve("twice/model.safetensors"))
                        .hasSameBinaryContentAs(directory.resolve("once/model.safetensors"));
            }
        }
    }

    @Test
    void whatIsHeldInBfloat16IsRoundedOnceAndSavedAsItIs() {
        try (Decoder decoder = random(DataType.FLOAT)) {
            HfModel.save(directory.resolve("exact"), decoder, base, SaveDtype.FLOAT32);
            HfModel.save(directory.resolve("narrow"), decoder, base, SaveDtype.BFLOAT16);
            try (Decoder held =
                    HfModel.load(directory.resolve("exact"), DataType.BFLOAT16).decoder()) {
                assertThat(held.parameters().dataType()).isEqualTo(DataType.BFLOAT16);
                HfModel.save(directory.resolve("held"), held, base, SaveDtype.BFLOAT16);
            }
            assertThat(directory.resolve("held/model.safetensors"))
                    .hasSameBinaryContentAs(directory.resolve("narrow/model.safetensors"));
        }
    }

    @Test
    void whatBfloat16CannotHoldIsNamed() {
        try (Decoder decoder = random(DataType.FLOAT)) {
            decoder.parameters().putScalar(0, Float.MAX_VALUE);
            HfModel.save(directory.resolve("large"), decoder, base, SaveDtype.FLOAT32);
        }
        assertThatThrownBy(() -> HfModel.load(directory.resolve("large"), DataType.BFLOAT16))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(
                        "embed_tokens.weight' has the value 3.4028235E38, which BFLOAT16 cannot hold; load it");
    }

    @Test
    void anAdapterIsMergedIntoWhatIsWritten() {
        Path exact = directory.resolve("exact");
        try (Decoder decoder = random(DataType.FLOAT)) {
            HfModel.save(exact, decoder, base, SaveDtype.BFLOAT16);
        }
        Lora lora = new Lora(
                ParameterLayout.of(CONFIG),
                0,
                List.of(
                        new Lora.Module("q", List.of("blocks.0.query"), 2, 3), // and a fused one
                        new Lora.Module("gu", List.of("blocks.0.gate", "blocks.0.up"), 1, 2)));
        for (DataType type : List.of(DataType.FLOAT, DataType.BFLOAT16)) {
            try (Decoder decoder = HfModel.load(exact, type).decoder()) {
                Adapter adapter = Adapter.zeros(lora, decoder);
                adapter.parameters().assign(Nd4j.linspace(-1, 1, lora.layout().length(), DataType.FLOAT));
                HfModel.save(directory.resolve("" + type), decoder.with(adapter), base, SaveDtype.FLOAT32);
                if (type == DataType.FLOAT) {
                    adapter.mergeInto(decoder);
                    HfModel.save(directory.resolve("merged"), decoder, base, SaveDtype.FLOAT32);
                }
            }
        }
        for (DataType type : List.of(DataType.FLOAT, DataType.BFLOAT16)) {
            assertThat(directory.resolve(type + "/model.safetensors"))
                    .hasSameBinaryContentAs(directory.resolve("merged/model.safetensors"));
        }
        try (Decoder merged = HfModel.load(directory.resolve("merged"), DataType.FLOAT)
                        .decoder();
                Decoder before = HfModel.load(exact, DataType.FLOAT).decoder()) {
            assertThat(merged.parameters()).isNotEqualTo(before.parameters());
        }
    }

    @Test
    void configurationIsTheBasesAndItsOtherFilesAreCopied() throws IOException {
        Files.write(base.resolve("tokenizer.json"), new byte[] {1, 2, 3});
        Files.writeString(base.resolve("chat_template.jinja"), "{{ messages }}");
        Files.writeString(base.resolve("LICENSE"), "Apache");
        Files.writeString(base.resolve("README.md"), "of the base, not of this model");
        Files.writeString(base.resolve("generation_config.json"), "{\"eos_token_id\": [2, 5]}");
        Path saved = directory.resolve("saved");

        try (Decoder decoder = random(DataType.FLOAT)) {
            HfModel.save(saved, decoder, base, SaveDtype.BFLOAT16);
        }

        JsonNode config =
                new ObjectMapper().readTree(saved.resolve("config.json").toFile());
        assertThat(config.get("architectures").get(0).asText()).isEqualTo("LlamaForCausalLM");
        assertThat(config.get("dtype").asText()).isEqualTo("bfloat16");
        assertThat(config.get("torch_dtype").asText()).isEqualTo("bfloat16");
        assertThat(config.get("rope_theta").asDouble()).isEqualTo(20_000);
        assertThat(config.at("/rope_parameters/rope_theta").asDouble()).isEqualTo(20_000);
        for (String name : List.of("tokenizer.json", "chat_template.jinja", "LICENSE", "generation_config.json")) {
            assertThat(saved.resolve(name)).hasSameBinaryContentAs(base.resolve(name));
        }
        assertThat(saved.resolve("README.md")).doesNotExist();
        ModelInfo info = ModelInfo.read(saved);
        assertThat(info.eosTokenIds()).containsExactly(2, 5);
        assertThat(info.bosTokenId()).hasValue(1);
        assertThat(info.licence()).contains(saved.resolve("LICENSE"));
        assertThat(info.tokenizerJson()).isEqualTo(saved.resolve("tokenizer.json"));
    }

    @Test
    void theHeaderIsAlignedAndSaysThatTheTensorsArePyTorchs() throws IOException {
        try (Decoder decoder = random(DataType.FLOAT)) {
            HfModel.save(directory.resolve("saved"), decoder, base, SaveDtype.FLOAT32);
        }
        byte[] bytes = Files.readAllBytes(directory.resolve("saved/model.safetensors"));
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();

        assertThat(length % 8).isZero();
        assertThat(new String(bytes, 8, length, StandardCharsets.UTF_8))
                .startsWith("{\"__metadata__\":{\"format\":\"pt\"}");
        assertThat(bytes)
                .hasSize(8
                        + length
                        + 4 * Math.toIntExact(ParameterLayout.of(CONFIG).length()));
    }

    @Test
    void shardsAreReadByTheirIndex() throws IOException {
        List<HfTensor> tensors = tensors();
        writeShards(tensors.subList(0, 7), tensors.subList(7, tensors.size()), "b.safetensors");

        try (Decoder loaded = HfModel.load(base, DataType.FLOAT).decoder()) {
            float[] parameters = loaded.parameters().toFloatVector();
            for (int i = 0; i < parameters.length; i++) {
                assertThat(parameters[i]).isEqualTo(i);
            }
        }
    }

    @Test
    void anIndexCannotLeadOutOfTheDirectory() throws IOException {
        List<HfTensor> tensors = tensors();
        for (String outside : List.of("../b.safetensors", "/etc/b.safetensors", "x/b.safetensors", "..", "b.bin", "")) {
            writeShards(tensors.subList(0, 7), tensors.subList(7, tensors.size()), outside);
            assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageEndingWith("model.safetensors.index.json names '" + outside
                            + "', which is no safetensors file in the model directory itself");
        }
        writeShards(tensors.subList(0, 7), tensors.subList(7, tensors.size()), "absent.safetensors");
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessageEndingWith("model.safetensors.index.json names absent.safetensors, which is not there");
        writeShards(tensors.subList(0, 7), tensors.subList(6, tensors.size()), "b.safetensors");
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessageStartingWith("tensor '" + tensors.get(6).name() + "' is in ");
    }

    @Test
    void weightsThatAreNotTheConfigurationsAreNamed() throws IOException {
        List<HfTensor> tensors = new ArrayList<>(tensors());
        HfTensor norm = tensors.remove(tensors.size() - 1);
        write(base.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("the weights in " + base
                        + " are not those that config.json asks for: missing model.norm.weight;");

        tensors.add(norm);
        tensors.add(tensor("model.layers.0.self_attn.q_proj.bias", 0, 24));
        write(base.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessageEndingWith(" unexpected model.layers.0.self_attn.q_proj.bias;");

        tensors.remove(tensors.size() - 1);
        tensors.set(tensors.size() - 1, tensor(norm.name(), 0, 13));
        write(base.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessage("tensor 'model.norm.weight' in " + base.resolve("model.safetensors")
                        + " has the shape [13], but config.json asks for [12]");
    }

    @Test
    void aCheckFindsWhatLoadingWouldWithoutReadingTheWeights() throws IOException {
        List<HfTensor> tensors = new ArrayList<>(tensors());
        write(base.resolve("model.safetensors"), tensors);
        assertThat(HfModel.check(base).decoderConfig()).isEqualTo(CONFIG);

        assertBothRefuse(directory.resolve("none"));
        cutOff(base.resolve("model.safetensors"));
        assertBothRefuse(base);
        tensors.remove(tensors.size() - 1);
        write(base.resolve("model.safetensors"), tensors);
        assertBothRefuse(base);
        writeIntegers();
        assertBothRefuse(base);
        Files.delete(base.resolve("model.safetensors"));
        assertBothRefuse(base);
    }

    private static void assertBothRefuse(Path model) {
        Throwable loading = catchThrowable(() -> HfModel.load(model, DataType.FLOAT));
        assertThat(loading).isNotNull();
        assertThatThrownBy(() -> HfModel.check(model)).hasSameClassAs(loading).hasMessage(loading.getMessage());
    }

    private static void cutOff(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() - 1);
        }
    }

    @Test
    void aTiedHeadMayBeThereTwiceIfItIsTheSame() throws IOException {
        List<HfTensor> tensors = new ArrayList<>(tensors());
        tensors.add(head(0));
        write(base.resolve("model.safetensors"), tensors);
        HfModel.load(base, DataType.FLOAT).decoder().close();
        write(base.resolve("model.safetensors"), tensors, 1.01f);
        HfModel.load(base, DataType.BFLOAT16).decoder().close(); // both are rounded

        tensors.set(tensors.size() - 1, head(1));
        write(base.resolve("model.safetensors"), tensors);
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessage("config.json in " + base + " ties the head to the embedding (tie_word_embeddings),"
                        + " but lm_head.weight differs from model.embed_tokens.weight");
    }

    @Test
    void hugeNumbersInTheConfigurationAllocateNothing() throws IOException {
        write(base.resolve("model.safetensors"), tensors());
        Files.writeString(
                base.resolve("config.json"),
                CONFIG_JSON.replace("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 90000"));
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessage("config.json in " + base + " asks for 90000 blocks, but the weights have only 20 tensors");

        Files.writeString(
                base.resolve("config.json"), CONFIG_JSON.replace("\"vocab_size\": 17", "\"vocab_size\": 2000000000"));
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessageEndingWith(" has the shape [17, 12], but config.json asks for [2000000000, 12]");
    }

    @Test
    void whatIsNoModelDirectoryIsSaidToBeNone() throws IOException {
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("the model directory " + base + " has neither model.safetensors nor"
                        + " model.safetensors.index.json; weights in other formats are not read");
        Path none = directory.resolve("none");
        assertThatThrownBy(() -> HfModel.load(none, DataType.FLOAT))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("there is no " + none.resolve("config.json") + ": is " + none + " a model directory?");
        Files.writeString(base.resolve("config.json"), "{\"model_type\": ");
        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessageStartingWith(base.resolve("config.json") + " is not valid JSON: ");
    }

    @Test
    void integersAreNoWeights() throws IOException {
        writeIntegers();

        assertThatThrownBy(() -> HfModel.load(base, DataType.FLOAT))
                .hasMessage("tensor 'model.embed_tokens.weight' in " + base.resolve("model.safetensors")
                        + " has the dtype I32; F32, F16 and BF16 are read");
    }

    /** As long as the float32 tensors, so that only the dtype is wrong. */
    private void writeIntegers() throws IOException {
        write(base.resolve("model.safetensors"), tensors());
        byte[] bytes = Files.readAllBytes(base.resolve("model.safetensors"));
        String text = new String(bytes, StandardCharsets.ISO_8859_1).replace("\"F32\"", "\"I32\"");
        Files.write(base.resolve("model.safetensors"), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void aWeightBeyondFloat16IsNotSavedAsInfinity() {
        try (Decoder decoder = random(DataType.FLOAT)) {
            decoder.parameters().putScalar(3, 1e6);
            assertThatThrownBy(() -> HfModel.save(directory.resolve("saved"), decoder, base, SaveDtype.FLOAT16))
                    .hasMessage("tensor 'model.embed_tokens.weight' has the value 1000000.0, which F16 cannot hold;"
                            + " save as float32");
        }
    }

    @Test
    void theBaseIsNotOverwritten() {
        try (Decoder decoder = random(DataType.FLOAT)) {
            assertThatThrownBy(() -> HfModel.save(base, decoder, base, SaveDtype.FLOAT32))
                    .hasMessage("a model cannot be saved over its base, " + base);
        }
    }

    private static Decoder random(DataType type) {
        Decoder decoder = Decoder.create(CONFIG, type);
        decoder.initialize(5, 0.7);
        return decoder;
    }

    private static float round(float value, SaveDtype dtype) {
        return dtype == SaveDtype.FLOAT16
                ? HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(value))
                : HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(value));
    }

    private void writeShards(List<HfTensor> a, List<HfTensor> b, String nameOfB) throws IOException {
        write(base.resolve("a.safetensors"), a);
        write(base.resolve("b.safetensors"), b);
        ObjectNode index = new ObjectMapper().createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        a.forEach(tensor -> map.put(tensor.name(), "a.safetensors"));
        b.forEach(tensor -> map.put(tensor.name(), nameOfB));
        Files.writeString(base.resolve("model.safetensors.index.json"), index.toString());
    }

    private static List<HfTensor> tensors() {
        return Llama.FAMILY.tensors(CONFIG, ParameterLayout.of(CONFIG)).list();
    }

    private static HfTensor head(long offset) {
        return tensor("lm_head.weight", offset, 17, 12);
    }

    private static HfTensor tensor(String name, long offset, int... shape) {
        return new HfTensor(List.of(name), shape, offset, HfTensor.Order.SAME);
    }

    /** Every element has its offset in the vector as its value. */
    private static void write(Path file, List<HfTensor> tensors) throws IOException {
        write(file, tensors, 1);
    }

    /** That times a factor. */
    private static void write(Path file, List<HfTensor> tensors, float factor) throws IOException {
        SafetensorsWriter.write(file, tensors, Dtype.F32, (tensor, at, values, n) -> {
            for (int i = 0; i < n; i++) {
                values[i] = factor * (tensor.offset() + at + i);
            }
        });
    }
}
