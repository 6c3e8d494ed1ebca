package dev.sparktune.template;

import dev.sparktune.template.PromptTemplate.Definition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads PromptSource's YAML. Its two tags, {@code !Template} and {@code !TemplateMetadata}, are plain maps here; any other
 * tag, key or type is an error.
 */
final class PromptSourceYaml {
    private static final int MAX_CODE_POINTS = 8 << 20;
    private static final int MAX_NESTING = 20;
    private static final int MAX_ALIASES = 20;

    private static final Set<String> TEMPLATE_KEYS =
            Set.of("answer_choices", "id", "jinja", "metadata", "name", "reference", "task_template");
    private static final Set<String> METADATA_KEYS =
            Set.of("choices_in_prompt", "languages", "metrics", "original_task", "task");

    private static final Pattern TASK = Pattern.compile("[\\p{L}\\p{N}_.-]+");

    private final String origin;

    PromptSourceYaml(String origin) {
        this.origin = origin;
    }

    /** SnakeYAML takes tags by subclass only. */
    private static final class MapsForTags extends SafeConstructor {
        MapsForTags(LoaderOptions options) {
            super(options);
            yamlConstructors.put(new Tag("!Template"), new ConstructYamlMap());
            yamlConstructors.put(new Tag("!TemplateMetadata"), new ConstructYamlMap());
        }
    }

    /** @throws IllegalArgumentException for the first thing that is wrong */
    List<Definition> read(String yaml) {
        return read(yaml, (key, wrong) -> {
            throw wrong;
        });
    }

    /**
     * @param onWrong takes a template's key in the YAML and what is wrong with it; the others are read all the same
     * @throws IllegalArgumentException where there are no templates to tell apart
     */
    List<Definition> read(String yaml, BiConsumer<String, IllegalArgumentException> onWrong) {
        Map<?, ?> root = map(load(yaml), "the file");
        Map<?, ?> templates = map(root.get("templates"), "'templates'");
        List<Definition> definitions = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Map.Entry<?, ?> entry : templates.entrySet()) {
            String key = String.valueOf(entry.getKey());
            try {
                Definition definition = definition(map(entry.getValue(), "template " + key), key);
                if (!ids.add(definition.id())) {
                    throw error("two templates have the id " + definition.id());
                }
                definitions.add(definition);
            } catch (IllegalArgumentException e) {
                onWrong.accept(key, e);
            }
        }
        return definitions;
    }

    private Object load(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setNestingDepthLimit(MAX_NESTING);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        try {
            return new Yaml(new MapsForTags(options)).load(yaml);
        } catch (YAMLException e) {
            throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
        }
    }

    private Definition definition(Map<?, ?> template, String key) {
        String place = "template " + key;
        refuseUnknown(template, TEMPLATE_KEYS, place);
        String name = text(template, "name", place);
        place = "template '" + name + "'";
        Map<?, ?> metadata =
                template.get("metadata") == null ? Map.of() : map(template.get("metadata"), place + " metadata");
        refuseUnknown(metadata, METADATA_KEYS, place + " metadata");
        String task = optionalText(metadata, "task", place);
        return new Definition(
                text(template, "id", place),
                name,
                task == null ? null : checkedTask(task, place),
                text(template, "jinja", place),
                optionalText(template, "answer_choices", place),
                texts(metadata, "metrics", place),
                texts(metadata, "languages", place),
                flag(metadata, "choices_in_prompt", place),
                Boolean.TRUE.equals(flag(metadata, "original_task", place)));
    }

    /** Scripts and settings name tasks, some as {@code TASK@DATA}. */
    private String checkedTask(String task, String place) {
        if (!TASK.matcher(task).matches()) {
            throw error(place + ": task must be letters, digits, '-', '_' and '.', but is '" + task + "'");
        }
        return task;
    }

    private void refuseUnknown(Map<?, ?> map, Set<String> known, String place) {
        for (Object key : map.keySet()) {
            if (!(key instanceof String) || !known.contains(key)) {
                throw error(place + " has an unknown key '" + key + "'; known are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    private Map<?, ?> map(Object value, String place) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        throw error(place + " must be a map, but is " + describe(value));
    }

    private String text(Map<?, ?> map, String key, String place) {
        String text = optionalText(map, key, place);
        if (text == null || text.isEmpty()) {
            throw error(place + " has no " + key);
        }
        return text;
    }

    private String optionalText(Map<?, ?> map, String key, String place) {
        Object value = map.get(key);
        if (value == null || value instanceof String) {
            return (String) value;
        }
        throw error(place + ": " + key + " must be a text, but is " + describe(value));
    }

    private List<String> texts(Map<?, ?> map, String key, String place) {
        Object value = map.get(key);
        if (value == null) {
            return List.of();
        } else if (!(value instanceof List<?> list)) {
            throw error(place + ": " + key + " must be a list of texts, but is " + describe(value));
        } else {
            List<String> texts = new ArrayList<>();
            for (Object item : list) {
                if (!(item instanceof String text)) {
                    throw error(place + ": " + key + " must be a list of texts, but holds " + describe(item));
                }
                texts.add(text);
            }
            return List.copyOf(texts);
        }
    }

    private Boolean flag(Map<?, ?> map, String key, String place) {
        Object value = map.get(key);
        if (value == null || value instanceof Boolean) {
            return (Boolean) value;
        }
        throw error(place + ": " + key + " must be true or false, but is " + describe(value));
    }

    private static String describe(Object value) {
        return value == null ? "missing" : "'" + value + "'";
    }

    private IllegalArgumentException error(String reason) {
        return new IllegalArgumentException(origin + ": " + reason);
    }
}
