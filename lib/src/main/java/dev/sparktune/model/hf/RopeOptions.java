package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.RotaryConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rotary positions as {@code config.json} tells them, in the spelling of transformers 5 ({@code rope_parameters}) or of those
 * before ({@code rope_scaling} and keys of their own for the base and for the share of a head that is turned).
 *
 * @param thetaKey the older key of the base
 * @param shareKey the older key of the share; null for families that turn whole heads
 * @param absentShare the share where none is given
 */
record RopeOptions(String thetaKey, String shareKey, double absentShare) {
    private static final double ABSENT_THETA = 10_000;

    /** More than any model has; a list of so many frequencies is made. */
    private static final int MOST_COLUMNS = 1 << 16;

    private static final String NEW_KEY = "rope_parameters";
    private static final String OLD_KEY = "rope_scaling";
    private static final String THETA = "rope_theta";
    private static final String SHARE = "partial_rotary_factor";

    /** Options of each kind beside its name, the base and the share. */
    private static final Map<String, Set<String>> KINDS = Map.of(
            "default",
            Set.of(),
            "linear",
            Set.of("factor"),
            "llama3",
            Set.of("factor", "low_freq_factor", "high_freq_factor", "original_max_position_embeddings"));

    /** The frequencies and, where it belongs to them, the scaling of a config. */
    RotaryConfig read(ConfigReader config, int headDim, int maxPositions) {
        ObjectNode options = merged(config);
        String kind = options.path("rope_type").asText();
        double theta = config.number(THETA, options.path(THETA));
        if (headDim > MOST_COLUMNS) {
            throw new ModelFormatException(
                    config.file() + " has heads of " + headDim + " columns; the most that is taken is " + MOST_COLUMNS);
        }
        int columns = (int) (headDim * share(options, config));
        if (columns < 1 || columns == headDim && headDim % 2 != 0) {
            throw new ModelFormatException(config.file() + " has heads of " + headDim + " columns, of which " + columns
                    + " are turned by their positions; this has to be at least 1, and even for whole heads");
        }
        RotaryConfig unscaled = RotaryConfig.unscaled(theta, columns);
        return switch (kind) {
            case "linear" -> linear(unscaled, (float) positive("factor", options, config));
            case "llama3" -> llama3(unscaled, options, config, maxPositions);
            default -> unscaled;
        };
    }

    /** Both spellings together, with the name of the kind and the base; refused where they contradict each other. */
    private ObjectNode merged(ConfigReader config) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        for (String key : List.of(NEW_KEY, OLD_KEY)) {
            JsonNode given = config.node(key);
            for (Iterator<Map.Entry<String, JsonNode>> fields = given.fields(); fields.hasNext(); ) {
                Map.Entry<String, JsonNode> field = fields.next();
                String name = field.getKey().equals("type") ? "rope_type" : field.getKey();
                if (!field.getValue().isNull()) {
                    put(options, name, field.getValue(), key + "." + field.getKey(), config.file());
                }
            }
        }
        putOlder(options, THETA, thetaKey, config);
        if (shareKey != null) {
            putOlder(options, SHARE, shareKey, config);
        }
        // transformers 4 saves its own names for them beside those of the family
        putOlder(options, THETA, THETA, config);
        putOlder(options, SHARE, SHARE, config);
        if (!options.has(THETA)) {
            options.put(THETA, ABSENT_THETA);
        }
        if (!options.has("rope_type")) {
            options.put("rope_type", "default");
        }
        check(options, config);
        return options;
    }

    private static void putOlder(ObjectNode options, String name, String key, ConfigReader config) {
        if (config.has(key)) {
            put(options, name, config.node(key), key, config.file());
        }
    }

    private static void put(ObjectNode options, String name, JsonNode value, String key, Path file) {
        JsonNode before = options.get(name);
        boolean same = before == null
                || before.equals(value)
                || before.isNumber() && value.isNumber() && before.doubleValue() == value.doubleValue();
        if (!same) {
            throw new ModelFormatException(file + " has " + key + " " + value + ", but elsewhere " + before);
        }
        options.set(name, value);
    }

    private static void check(ObjectNode options, ConfigReader config) {
        String kind = options.get("rope_type").asText();
        Set<String> known = KINDS.get(kind);
        if (known == null) {
            throw new ModelFormatException(
                    config.file() + " has the rope_type '" + kind + "'; supported are default, linear and llama3");
        }
        for (Iterator<String> names = options.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name) && !Set.of("rope_type", THETA, SHARE).contains(name)) {
                throw new ModelFormatException(config.file() + " has the unsupported option " + name + " "
                        + options.get(name) + " for the rope_type '" + kind + "'");
            }
        }
    }

    private double share(ObjectNode options, ConfigReader config) {
        if (!options.has(SHARE)) {
            return absentShare;
        }
        double share = config.number(SHARE, options.get(SHARE));
        if (shareKey == null && share != 1) {
            throw new ModelFormatException(
                    config.file() + " has " + SHARE + " " + share + "; supported is 1 for its model_type");
        }
        if (!(share > 0) || share > 1) {
            throw new ModelFormatException(config.file() + " has " + SHARE + " " + share + ", not within 0 and 1");
        }
        return share;
    }

    private static RotaryConfig linear(RotaryConfig unscaled, float factor) {
        return scaled(
                unscaled.inverseFrequencies().stream().map(f -> f / factor).toList());
    }

    /**
     * As in Llama 3.1: long waves are stretched by the factor, short ones stay, those between are blended. Each step in floats, as
     * in transformers.
     */
    private static RotaryConfig llama3(
            RotaryConfig unscaled, ObjectNode options, ConfigReader config, int maxPositions) {
        float factor = (float) positive("factor", options, config);
        double low = positive("low_freq_factor", options, config);
        double high = positive("high_freq_factor", options, config);
        String contextKey = "original_max_position_embeddings";
        double context = options.has(contextKey) ? positive(contextKey, options, config) : maxPositions;
        if (high <= low) {
            throw new ModelFormatException(config.file() + " has high_freq_factor " + high
                    + ", which must be above its low_freq_factor " + low);
        }
        List<Float> frequencies = new ArrayList<>();
        for (float frequency : unscaled.inverseFrequencies()) {
            float wavelength = (float) (2 * Math.PI) / frequency;
            if (wavelength < (float) (context / high)) {
                frequencies.add(frequency);
            } else if (wavelength > (float) (context / low)) {
                frequencies.add(frequency / factor);
            } else {
                float smooth = ((float) context / wavelength - (float) low) / (float) (high - low);
                frequencies.add((1 - smooth) * frequency / factor + smooth * frequency);
            }
        }
        return scaled(frequencies);
    }

    private static RotaryConfig scaled(List<Float> frequencies) {
        return new RotaryConfig(frequencies, 1);
    }

    private static double positive(String key, ObjectNode options, ConfigReader config) {
        double value = config.number(key, options.path(key));
        if (!(value > 0)) {
            throw new ModelFormatException(config.file() + " has " + key + " " + value + ", which must be above 0");
        }
        return value;
    }

    /** Writes what {@code base} says in both spellings, so that old and new readers find it. */
    void writeBothSpellings(ConfigReader base, ObjectNode written) {
        ObjectNode options = merged(base);
        written.set(NEW_KEY, options);
        written.set(thetaKey, options.get(THETA));
        if (shareKey != null) {
            options.put(SHARE, share(options, base));
            written.set(shareKey, options.get(SHARE));
        }
        if (!options.get("rope_type").asText().equals("default")) {
            ObjectNode scaling = options.deepCopy();
            scaling.remove(List.of(THETA, SHARE));
            written.set(OLD_KEY, scaling);
        }
    }
}
