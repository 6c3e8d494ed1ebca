package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The families that are known. */
final class Families {
    private static final List<Family> ALL =
            List.of(new Gpt2(), new GptNeoX(), Llama.FAMILY, Mistral.FAMILY, Qwen2.FAMILY, Qwen3.FAMILY);

    private Families() {}

    /** @throws ModelFormatException for a model of none of them */
    static Family of(JsonNode config, Path file) {
        String type = config.path("model_type").asText("");
        return ALL.stream()
                .filter(family -> family.modelType().equals(type))
                .findFirst()
                .orElseThrow(() -> new ModelFormatException(file + " has the model_type '" + type + "'; supported are "
                        + ALL.stream().map(Family::modelType).collect(Collectors.joining(", "))));
    }
}
