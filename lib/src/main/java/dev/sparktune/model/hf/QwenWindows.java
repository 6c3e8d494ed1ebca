package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Which blocks of a Qwen bound their attention to a sliding window: those that {@code layer_types} names, or without it those
 * from {@code max_window_layers} on; none unless {@code use_sliding_window}.
 */
final class QwenWindows {
    private QwenWindows() {}

    /** A window for each block, or an empty list where none is narrower than the model's positions. */
    static List<Integer> read(ConfigReader config, int maxPositions) {
        int blocks = config.blocks("num_hidden_layers");
        boolean used = config.flag("use_sliding_window", false);
        int window = config.integer("sliding_window", 4096, Integer.MAX_VALUE);
        int firstBlock = config.integer("max_window_layers", 28);
        JsonNode types = config.node("layer_types");
        if (types.isArray() && types.size() != blocks) {
            throw new ModelFormatException(
                    config.file() + " has " + types.size() + " layer_types for num_hidden_layers " + blocks);
        }
        boolean bounded = used && window != Integer.MAX_VALUE;
        List<Integer> windows = new ArrayList<>();
        for (int i = 0; i < blocks; i++) {
            boolean sliding = types.isArray() ? isSliding(types.get(i), config) : bounded && i >= firstBlock;
            if (sliding && !bounded) {
                throw new ModelFormatException(config.file() + " has layer_types with sliding_attention for block " + i
                        + ", but no sliding_window in use");
            }
            windows.add(sliding ? window : Integer.MAX_VALUE);
        }
        return windows.stream().allMatch(w -> w >= maxPositions) ? List.of() : windows;
    }

    private static boolean isSliding(JsonNode type, ConfigReader config) {
        return switch (type.asText()) {
            case "full_attention" -> false;
            case "sliding_attention" -> true;
            default ->
                throw new ModelFormatException(config.file() + " has " + type
                        + " among its layer_types; supported are full_attention and sliding_attention");
        };
    }
}
