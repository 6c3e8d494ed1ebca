package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.model.kernel.Activation;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Reads {@code config.json} key by key and remembers which keys were asked for, so that none which may change what the model
 * computes is passed over: see {@link #refuseUnread}. A key with the value null counts as absent, as in transformers.
 */
final class ConfigReader {
    /** Names by which transformers knows the activations; several are the same function. */
    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "silu", Activation.SILU,
            "swish", Activation.SILU,
            "gelu", Activation.GELU,
            "gelu_python", Activation.GELU,
            "gelu_new", Activation.GELU_TANH,
            "gelu_fast", Activation.GELU_TANH,
            "gelu_pytorch_tanh", Activation.GELU_TANH,
            "relu", Activation.RELU);

    /**
     * Keys that no model's logits depend on, beside those of {@link #ENDINGS}: names and versions, how texts are generated, what a
     * training from scratch starts with, heads for other tasks, ways to run the same arithmetic.
     */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            // what it is
            "model_type",
            "architectures",
            "transformers_version",
            "dtype",
            "torch_dtype",
            "name_or_path",
            "tokenizer_class",
            "model_max_length",
            "n_ctx",
            "is_llama_config",
            "is_decoder",
            "n_special",
            "predict_special_tokens",
            "output_past",
            "transformers.js_config",
            // training
            "initializer_range",
            "initializer_factor",
            "gradient_checkpointing",
            // the same arithmetic, run otherwise
            "use_cache",
            "pretraining_tp",
            "chunk_size_feed_forward",
            "torchscript",
            "use_bfloat16",
            "tf_legacy_loss",
            "attn_implementation",
            "return_dict",
            "output_attentions",
            "output_hidden_states",
            "tie_encoder_decoder",
            // heads for other tasks
            "id2label",
            "label2id",
            "num_labels",
            "problem_type",
            "finetuning_task",
            "task_specific_params",
            "summary_type",
            "summary_use_proj",
            "summary_activation",
            "summary_proj_to_labels",
            // generation
            "prefix",
            "max_length",
            "min_length",
            "do_sample",
            "early_stopping",
            "num_beams",
            "num_beam_groups",
            "diversity_penalty",
            "temperature",
            "top_k",
            "top_p",
            "typical_p",
            "repetition_penalty",
            "length_penalty",
            "no_repeat_ngram_size",
            "encoder_no_repeat_ngram_size",
            "num_return_sequences",
            "output_scores",
            "return_dict_in_generate",
            "remove_invalid_values");

    /** Of special tokens, and of dropout, which sparktune does not apply. */
    private static final List<String> ENDINGS = List.of("_token_id", "_dropout", "_dropout_prob", "_pdrop");

    /** More blocks than any model has; a list of them is made. */
    private static final int MOST_BLOCKS = 100_000;

    private final JsonNode config;
    private final Path file;
    private final Set<String> read = new HashSet<>();

    ConfigReader(JsonNode config, Path file) {
        this.config = config;
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** The value, or a missing or null node. */
    JsonNode node(String key) {
        read.add(key);
        return config.path(key);
    }

    boolean has(String key) {
        return !isAbsent(node(key));
    }

    /** A whole number that has to be there. */
    int integer(String key) {
        JsonNode value = node(key);
        if (!value.isInt()) {
            throw new ModelFormatException(
                    file + " needs a whole number as " + key + (value.isMissingNode() ? "" : ", but has " + value));
        }
        return value.intValue();
    }

    /** A text, or what stands for its absence. */
    String text(String key, String absent) {
        JsonNode value = node(key);
        if (!isAbsent(value) && !value.isTextual()) {
            throw new ModelFormatException(file + " needs a text as " + key + ", but has " + value);
        }
        return isAbsent(value) ? absent : value.textValue();
    }

    int integer(String key, int absent) {
        return has(key) ? integer(key) : absent;
    }

    /** For an option whose null means something else than its absence. */
    int integer(String key, int absent, int ifNull) {
        return node(key).isNull() ? ifNull : integer(key, absent);
    }

    /** The number of blocks, few enough to make a list of them. */
    int blocks(String key) {
        int blocks = integer(key);
        if (blocks > MOST_BLOCKS) {
            throw new ModelFormatException(
                    file + " has " + key + " " + blocks + "; the most that is taken is " + MOST_BLOCKS);
        }
        return blocks;
    }

    double number(String key, double absent) {
        return has(key) ? number(key, node(key)) : absent;
    }

    /** {@code value} as a finite number; {@code key} names it in errors. */
    double number(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw new ModelFormatException(
                    file + " needs a number as " + key + (value.isMissingNode() ? "" : ", but has " + value));
        }
        return value.doubleValue();
    }

    boolean flag(String key, boolean absent) {
        if (!has(key)) {
            return absent;
        }
        JsonNode value = node(key);
        if (!value.isBoolean()) {
            throw new ModelFormatException(file + " needs true or false as " + key + ", but has " + value);
        }
        return value.booleanValue();
    }

    Activation activation(String key, String absent) {
        JsonNode value = node(key);
        Activation activation = ACTIVATIONS.get(isAbsent(value) ? absent : value.asText());
        if (activation == null) {
            throw new ModelFormatException(file + " has " + key + " " + value + "; supported are "
                    + ACTIVATIONS.keySet().stream().sorted().collect(Collectors.joining(", ")));
        }
        return activation;
    }

    /** {@code head_dim}, or what follows from the width of the stream where it is absent. */
    int headDim(int hiddenSize, int heads) {
        return has("head_dim")
                ? integer("head_dim")
                : quotient("hidden_size", hiddenSize, "num_attention_heads", heads);
    }

    /** Width of the heads that the stream is cut into. */
    int quotient(String hiddenKey, int hiddenSize, String headsKey, int heads) {
        if (heads < 1 || hiddenSize % heads != 0) {
            throw new ModelFormatException(file + " has " + hiddenKey + " " + hiddenSize + ", which is no multiple of "
                    + headsKey + " " + heads);
        }
        return hiddenSize / heads;
    }

    /** For an option of which only one value is computed, which is also that of transformers where the key is absent. */
    void require(String key, boolean value) {
        JsonNode given = node(key);
        if (!isAbsent(given) && !given.asText().equals(Boolean.toString(value))) {
            throw new ModelFormatException(file + " has " + key + " " + given + "; supported is " + value);
        }
    }

    /**
     * Refuses every key that was not asked for, unless no model's arithmetic depends on it or it is off: null, false or
     * empty. A key that nobody here has heard of may be a new option of the arithmetic, and a model computed without it would
     * be another model.
     */
    void refuseUnread() {
        if (has("quantization_config")) {
            throw new ModelFormatException(
                    file + " has a quantization_config; weights in float32, float16 or bfloat16 are read");
        }
        require("is_encoder_decoder", false);
        require("is_causal", true);
        unread(ConfigReader::isWithoutEffect).ifPresent(key -> {
            throw new ModelFormatException(file + " has the unknown option " + key + " " + config.get(key)
                    + "; if the model computes the same without it, take it out of the file");
        });
    }

    /** The first key, in alphabetical order, that was not asked for, has an effect and is not off. */
    Optional<String> unread(Predicate<String> withoutEffect) {
        TreeSet<String> unread = new TreeSet<>();
        config.fields().forEachRemaining(key -> {
            if (!read.contains(key.getKey()) && !withoutEffect.test(key.getKey()) && !isOff(key.getValue())) {
                unread.add(key.getKey());
            }
        });
        return unread.stream().findFirst();
    }

    /** Keys of transformers' own bookkeeping and of programs that leave their mark begin with an underscore or a name. */
    private static boolean isWithoutEffect(String key) {
        return WITHOUT_EFFECT.contains(key)
                || key.startsWith("_")
                || key.startsWith("unsloth_")
                || ENDINGS.stream().anyMatch(key::endsWith);
    }

    private static boolean isOff(JsonNode value) {
        return value.isNull()
                || value.isBoolean() && !value.booleanValue()
                || value.isTextual() && value.textValue().isEmpty()
                || value.isContainerNode() && value.isEmpty();
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }
}
