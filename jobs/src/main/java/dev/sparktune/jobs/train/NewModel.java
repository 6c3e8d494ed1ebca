package dev.sparktune.jobs.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.PretrainSettings;
import dev.sparktune.model.DecoderConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A model that is yet to be trained, as a Hugging Face directory without weights: config.json in the Llama form,
 * generation_config.json and the tokenizer's files.
 *
 * @param directory holds them
 * @param config the decoder's shape
 * @param eosTokenId the tokenizer's {@code eos_token}
 */
public record NewModel(Path directory, DecoderConfig config, int eosTokenId) {
    private static final double RMS_NORM_EPS = 1e-5;
    private static final List<String> TOKENIZER_FILES = List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "added_tokens.json",
            "chat_template.jinja",
            "LICENSE");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @throws JobFailure for a directory without the files of a tokenizer */
    public static void checkTokenizer(Path tokenizer) {
        for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
            if (!Files.isRegularFile(tokenizer.resolve(name))) {
                throw new JobFailure("pretrain.tokenizer: " + tokenizer + " has no " + name);
            }
        }
    }

    /** The shape, for a vocabulary of this size. */
    public static DecoderConfig shape(PretrainSettings settings, int vocabSize) {
        if (settings.hiddenSize() % settings.numAttentionHeads() != 0) {
            throw new IllegalArgumentException("hidden_size must be a multiple of num_attention_heads ("
                    + settings.numAttentionHeads() + "), but is " + settings.hiddenSize());
        }
        return DecoderConfig.llama(
                vocabSize,
                settings.hiddenSize(),
                settings.intermediateSize(),
                settings.numHiddenLayers(),
                settings.numAttentionHeads(),
                settings.numKeyValueHeads(),
                settings.hiddenSize() / settings.numAttentionHeads(),
                settings.maxPositionEmbeddings(),
                RMS_NORM_EPS,
                settings.ropeTheta(),
                true);
    }

    /**
     * Writes the directory.
     *
     * @param tokenizer holds tokenizer.json and tokenizer_config.json
     * @param vocabSize of the tokenizer
     */
    public static NewModel write(Path directory, Path tokenizer, int vocabSize, PretrainSettings settings)
            throws IOException {
        for (String name : TOKENIZER_FILES) {
            if (Files.isRegularFile(tokenizer.resolve(name))) {
                Files.copy(tokenizer.resolve(name), directory.resolve(name));
            }
        }
        DecoderConfig shape = shape(settings, vocabSize);
        Integer eos = specialToken(tokenizer, "eos_token");
        Integer bos = specialToken(tokenizer, "bos_token");
        if (eos == null) {
            throw new JobFailure("pretrain.tokenizer: " + tokenizer
                    + "/tokenizer_config.json names no eos_token, which ends a text");
        }
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama")
                .put("vocab_size", shape.vocabSize())
                .put("hidden_size", shape.hiddenSize())
                .put("intermediate_size", settings.intermediateSize())
                .put("num_hidden_layers", settings.numHiddenLayers())
                .put("num_attention_heads", settings.numAttentionHeads())
                .put("num_key_value_heads", settings.numKeyValueHeads())
                .put("head_dim", shape.attention().headDim())
                .put("hidden_act", "silu")
                .put("max_position_embeddings", shape.maxPositionEmbeddings())
                .put("initializer_range", settings.initializerRange())
                .put("rms_norm_eps", RMS_NORM_EPS)
                .put("rope_theta", settings.ropeTheta())
                .put("tie_word_embeddings", shape.tieWordEmbeddings())
                .put("attention_bias", false)
                .put("attention_dropout", 0.0)
                .put("mlp_bias", false)
                .put("use_cache", true)
                .put("bos_token_id", bos)
                .put("eos_token_id", eos);
        ObjectNode generation = JSON.createObjectNode().put("bos_token_id", bos).put("eos_token_id", eos);
        write(directory.resolve("config.json"), config);
        write(directory.resolve("generation_config.json"), generation);
        return new NewModel(directory, shape, eos);
    }

    private static void write(Path file, JsonNode json) throws IOException {
        Files.writeString(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }

    /** Id of a token that tokenizer_config.json names, as text or as an object with its content; null if it names none. */
    private static Integer specialToken(Path tokenizer, String key) throws IOException {
        JsonNode named = JSON.readTree(Files.readString(tokenizer.resolve("tokenizer_config.json")))
                .path(key);
        String content = named.isObject() ? named.path("content").asText(null) : named.asText(null);
        if (content == null || named.isNull()) {
            return null;
        }
        JsonNode added = JSON.readTree(Files.readString(tokenizer.resolve("tokenizer.json")))
                .path("added_tokens");
        for (JsonNode token : added) {
            if (content.equals(token.path("content").asText())) {
                return token.path("id").intValue();
            }
        }
        throw new JobFailure("pretrain.tokenizer: tokenizer_config.json names the " + key + " '" + content
                + "', but tokenizer.json has no such added token");
    }
}
