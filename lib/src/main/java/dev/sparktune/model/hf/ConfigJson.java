package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.DecoderConfig;
import java.nio.file.Path;
import java.util.Set;

/**
 * {@code config.json} of the Llama form. Keys that are absent have the defaults of transformers' LlamaConfig. An option that
 * would change the arithmetic is refused by name rather than left out.
 */
final class ConfigJson {
    static final String FILE = "config.json";
    private static final String SUPPORTED = "supported is the model_type llama";

    private ConfigJson() {}

    static DecoderConfig read(JsonNode config, Path file) {
        String type = config.path("model_type").asText("");
        if (!type.equals("llama")) {
            throw new ModelFormatException(file + " has the model_type '" + type + "'; " + SUPPORTED);
        }
        requireDefault(config, "attention_bias", "false", file);
        requireDefault(config, "mlp_bias", "false", file);
        requireDefault(config, "hidden_act", "silu", file);
        requireDefault(config, "is_encoder_decoder", "false", file);
        requireDefault(config, "rope_interleaved", "false", file);
        if (config.hasNonNull("quantization_config")) {
            throw new ModelFormatException(
                    file + " has a quantization_config; weights in float32, float16 or bfloat16" + " are read");
        }
        int hiddenSize = integer(config, "hidden_size", file);
        int heads = integer(config, "num_attention_heads", file);
        boolean hasHeadDim = config.hasNonNull("head_dim");
        if (!hasHeadDim && (heads < 1 || hiddenSize % heads != 0)) {
            throw new ModelFormatException(file + " has no head_dim, and its hidden_size " + hiddenSize
                    + " is no multiple of its num_attention_heads " + heads);
        }
        try {
            return new DecoderConfig(
                    integer(config, "vocab_size", file),
                    hiddenSize,
                    integer(config, "intermediate_size", file),
                    integer(config, "num_hidden_layers", file),
                    heads,
                    config.hasNonNull("num_key_value_heads") ? integer(config, "num_key_value_heads", file) : heads,
                    hasHeadDim ? integer(config, "head_dim", file) : hiddenSize / heads,
                    config.hasNonNull("max_position_embeddings")
                            ? integer(config, "max_position_embeddings", file)
                            : 2048,
                    config.hasNonNull("rms_norm_eps") ? number(config, "rms_norm_eps", file) : 1e-6,
                    ropeTheta(config, file),
                    config.path("tie_word_embeddings").asBoolean(false));
        } catch (IllegalArgumentException e) {
            throw new ModelFormatException(file + ": " + e.getMessage(), e);
        }
    }

    /** {@code rope_parameters} of transformers 5, or {@code rope_theta} and {@code rope_scaling} of those before. */
    private static double ropeTheta(JsonNode config, Path file) {
        for (String key : new String[] {"rope_parameters", "rope_scaling"}) {
            JsonNode rope = config.path(key);
            String type = rope.path("rope_type").asText(rope.path("type").asText("default"));
            if (!type.equals("default")) {
                throw new ModelFormatException(file + " has the " + key + " rope_type '" + type
                        + "'; supported is 'default', rotary positions without scaling");
            }
            rope.fieldNames().forEachRemaining(name -> {
                if (!Set.of("rope_type", "type", "rope_theta").contains(name)) {
                    throw new ModelFormatException(file + " has the unsupported option " + key + "." + name);
                }
            });
        }
        JsonNode parameters = config.path("rope_parameters");
        boolean inside = parameters.hasNonNull("rope_theta");
        boolean outside = config.hasNonNull("rope_theta");
        if (!inside) {
            return outside ? number(config, "rope_theta", file) : 10_000;
        }
        double theta = number(parameters, "rope_theta", file);
        if (outside && number(config, "rope_theta", file) != theta) {
            throw new ModelFormatException(
                    file + " has rope_theta " + config.get("rope_theta") + ", but " + theta + " in rope_parameters");
        }
        return theta;
    }

    /**
     * The base's {@code config.json} with what this model has otherwise; dtype and rotary base in the spelling of transformers
     * 5 and in that of those before.
     */
    static ObjectNode write(ObjectNode base, DecoderConfig baseConfig, DecoderConfig config, SaveDtype dtype) {
        ObjectNode written = base.deepCopy();
        putIfOther(written, "vocab_size", config.vocabSize(), baseConfig.vocabSize());
        putIfOther(written, "hidden_size", config.hiddenSize(), baseConfig.hiddenSize());
        putIfOther(written, "intermediate_size", config.intermediateSize(), baseConfig.intermediateSize());
        putIfOther(written, "num_hidden_layers", config.numHiddenLayers(), baseConfig.numHiddenLayers());
        putIfOther(written, "num_attention_heads", config.numAttentionHeads(), baseConfig.numAttentionHeads());
        putIfOther(written, "num_key_value_heads", config.numKeyValueHeads(), baseConfig.numKeyValueHeads());
        putIfOther(
                written, "max_position_embeddings", config.maxPositionEmbeddings(), baseConfig.maxPositionEmbeddings());
        if (config.headDim() != baseConfig.headDim() || !written.hasNonNull("head_dim")) {
            written.put("head_dim", config.headDim());
        }
        if (config.rmsNormEps() != baseConfig.rmsNormEps()) {
            written.put("rms_norm_eps", config.rmsNormEps());
        }
        if (config.tieWordEmbeddings() != baseConfig.tieWordEmbeddings()) {
            written.put("tie_word_embeddings", config.tieWordEmbeddings());
        }
        written.put("rope_theta", config.ropeTheta());
        written.putObject("rope_parameters")
                .put("rope_theta", config.ropeTheta())
                .put("rope_type", "default");
        written.put("dtype", dtype.configName());
        written.put("torch_dtype", dtype.configName());
        return written;
    }

    private static void putIfOther(ObjectNode config, String key, int value, int baseValue) {
        if (value != baseValue) {
            config.put(key, value);
        }
    }

    private static void requireDefault(JsonNode config, String key, String value, Path file) {
        if (config.hasNonNull(key) && !config.get(key).asText().equals(value)) {
            throw new ModelFormatException(file + " has " + key + " " + config.get(key) + "; supported is " + value);
        }
    }

    private static int integer(JsonNode config, String key, Path file) {
        JsonNode value = config.path(key);
        if (!value.isInt()) {
            throw new ModelFormatException(
                    file + " needs a whole number as " + key + (value.isMissingNode() ? "" : ", but has " + value));
        }
        return value.intValue();
    }

    private static double number(JsonNode config, String key, Path file) {
        JsonNode value = config.path(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new ModelFormatException(file + " needs a number as " + key + ", but has " + value);
        }
        return value.doubleValue();
    }
}
