package dev.sparktune.model.hf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a model directory says of its model, weights aside.
 *
 * @param directory the directory
 * @param config {@code config.json} as it is
 * @param decoderConfig what of it the decoder computes
 * @param eosTokenIds tokens that end a text, from {@code generation_config.json} or else {@code config.json}; may be empty
 * @param bosTokenId the token that begins a text, where the model has one
 * @param licence the licence text's file, where there is one
 */
public record ModelInfo(
        Path directory,
        JsonNode config,
        DecoderConfig decoderConfig,
        List<Integer> eosTokenIds,
        OptionalInt bosTokenId,
        Optional<Path> licence) {

    static final String CONFIG = "config.json";
    private static final long MAX_JSON_BYTES = 64L << 20;

    /** Of all families, those that act on the decoder. */
    private static final List<String> DROPOUTS =
            List.of("embd_pdrop", "resid_pdrop", "attn_pdrop", "hidden_dropout", "attention_dropout");

    /**
     * Reads {@code config.json} and {@code generation_config.json}.
     *
     * @throws ModelFormatException for a model that {@link dev.sparktune.model.Decoder} does not compute, naming the option
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static ModelInfo read(Path directory) {
        try {
            Path file = directory.resolve(CONFIG);
            ObjectNode config = readJson(file);
            Path generationFile = directory.resolve("generation_config.json");
            JsonNode generation = Files.exists(generationFile) ? readJson(generationFile) : config;
            JsonNode eos = generation.hasNonNull("eos_token_id")
                    ? generation.get("eos_token_id")
                    : config.path("eos_token_id");
            JsonNode bos = config.path("bos_token_id");
            return new ModelInfo(
                    directory,
                    config,
                    decoderConfig(config, file),
                    integers(eos),
                    bos.isInt() ? OptionalInt.of(bos.intValue()) : OptionalInt.empty(),
                    CopiedFiles.licence(directory));
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(
                    "there is no " + e.getFile() + ": is " + directory + " a model directory?", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the model directory " + directory + ": " + e.getMessage(), e);
        }
    }

    /** What of a {@code config.json} the decoder computes. */
    static DecoderConfig decoderConfig(JsonNode config, Path file) {
        Family family = Families.of(config, file);
        ConfigReader reader = new ConfigReader(config, file);
        try {
            DecoderConfig decoderConfig = family.read(reader);
            reader.refuseUnread();
            return decoderConfig;
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file + ": " + e.getMessage(), e);
        }
    }

    /** What {@code config.json} has that transformers applies in training and {@link dev.sparktune.model.Decoder} does not, as KEY VALUE. */
    public List<String> unappliedDropouts() {
        return DROPOUTS.stream()
                .filter(key -> config.path(key).asDouble() > 0)
                .map(key -> key + " " + config.path(key).asText())
                .toList();
    }

    /** The family of the model. */
    Family family() {
        return Families.of(config, directory.resolve(CONFIG));
    }

    /** The linear maps of its blocks. */
    List<HfModule> modules() {
        return family().tensors(decoderConfig, ParameterLayout.of(decoderConfig))
                .modules();
    }

    /** Where the tokenizer lies. */
    public Path tokenizerJson() {
        return directory.resolve("tokenizer.json");
    }

    private static List<Integer> integers(JsonNode idOrIds) {
        List<Integer> integers = new ArrayList<>();
        (idOrIds.isArray() ? idOrIds : new ObjectMapper().createArrayNode().add(idOrIds)).forEach(id -> {
            if (id.isInt()) {
                integers.add(id.intValue());
            }
        });
        return List.copyOf(integers);
    }

    static ObjectNode readJson(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MAX_JSON_BYTES) {
            throw new ModelFormatException(file + " has " + size + " bytes; the bound is " + MAX_JSON_BYTES);
        }
        try {
            if (new ObjectMapper().readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new ModelFormatException(file + " is no JSON object");
        } catch (JsonProcessingException e) {
            throw new ModelFormatException(file + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }
}
