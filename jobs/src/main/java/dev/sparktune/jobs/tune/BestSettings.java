package dev.sparktune.jobs.tune;

import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** The best trial's settings as a YAML for finetune. */
final class BestSettings {
    private BestSettings() {}

    /** @param found a sentence: what was searched, and what came out */
    static String yaml(Settings settings, String found) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("output", settings.output());
        tree.put("data", settings.data());
        tree.put("model", settings.model());
        tree.put("train", settings.train());
        if (!settings.train().method().equals("full")) {
            tree.put("lora", settings.lora());
        }
        tree.put("privacy", Map.of("examples", settings.privacy().examples()));
        DumperOptions options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return "# " + found + "\n#\n# scripts/sparktune finetune --config " + Redaction.text(settings.output())
                + "/tune/best.yaml\n"
                + new Yaml(options).dump(given(Redaction.tree(Json.tree(tree))));
    }

    /** Without keys that are unset. */
    private static Object given(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            return value instanceof List<?> list ? List.copyOf(list) : value;
        }
        Map<Object, Object> given = new LinkedHashMap<>();
        map.forEach((key, below) -> {
            boolean empty = below instanceof Collection<?> collection && collection.isEmpty();
            if (below != null && !empty) {
                given.put(key, given(below));
            }
        });
        return given;
    }
}
