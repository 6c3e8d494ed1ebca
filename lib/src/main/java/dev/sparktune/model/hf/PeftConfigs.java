package dev.sparktune.model.hf;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** The PEFT methods that are known, by PEFT's names, and how each reads its keys of {@code adapter_config.json}. */
final class PeftConfigs {
    private static final Map<String, Function<ConfigReader, PeftConfig>> ALL =
            Map.of(LoraConfig.LORA, LoraConfig::read);

    /** Keys of all methods that say nothing of what an adapter computes. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "base_model_name_or_path", "revision", "auto_mapping", "inference_mode", "peft_version", "megatron_core");

    private PeftConfigs() {}

    /** @throws ModelFormatException for another method, and for an option that is not computed, by its name */
    static PeftConfig read(ConfigReader config) {
        Path file = config.file();
        String type = config.text("peft_type", "");
        Function<ConfigReader, PeftConfig> reader = ALL.get(type);
        if (reader == null) {
            throw new ModelFormatException(
                    file + " has the peft_type '" + type + "'; supported are " + new TreeSet<>(ALL.keySet()));
        }
        String task = config.text("task_type", "CAUSAL_LM");
        if (!task.equals("CAUSAL_LM")) {
            throw new ModelFormatException(file + " has the task_type '" + task + "'; supported is CAUSAL_LM");
        }
        PeftConfig read = reader.apply(config);
        config.unread(WITHOUT_EFFECT::contains).ifPresent(key -> {
            throw new ModelFormatException(
                    file + " has the option " + key + " " + config.node(key) + ", which is not supported");
        });
        return read;
    }
}
