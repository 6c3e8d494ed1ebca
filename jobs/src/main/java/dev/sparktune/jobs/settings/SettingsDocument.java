package dev.sparktune.jobs.settings;

import java.io.StringReader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * The tree of values that a YAML file and {@code --set} options give, and for each key the place it came from, so that
 * an error can point there.
 */
final class SettingsDocument {
    private static final int MAX_BYTES = 1 << 20;

    private final Map<String, Object> values = new LinkedHashMap<>();
    private final Map<String, String> places = new LinkedHashMap<>();
    private final String name;

    private SettingsDocument(String name) {
        this.name = name;
    }

    /** @param name how errors call the file */
    static SettingsDocument parse(String name, String text, List<String> sets) {
        SettingsDocument document = new SettingsDocument(name);
        Object root = loaded(name, text);
        if (root instanceof Map<?, ?> map) {
            document.merge(map, document.values, name, "");
            document.recordPlaces(yaml().compose(new StringReader(text)), "");
        } else if (root != null) {
            throw new SettingsException(name + ": must be a mapping of keys to values, but is " + describe(root));
        }
        for (String set : sets) {
            document.set(set);
        }
        return document;
    }

    Map<String, Object> values() {
        return values;
    }

    /** {@code quickstart.yaml line 12} or {@code --set train.seed=x}. */
    String place(String key) {
        String place = places.get(key);
        int dot = key.lastIndexOf('.');
        return place != null ? place : dot < 0 ? name : place(key.substring(0, dot));
    }

    private void set(String assignment) {
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new SettingsException("--set " + assignment + ": must be key=value");
        }
        String key = assignment.substring(0, equals).strip();
        Object value = loaded("--set " + assignment, assignment.substring(equals + 1));
        Map<String, Object> at = values;
        String[] path = key.split("\\.", -1);
        for (int i = 0; i < path.length - 1; i++) {
            Object next = at.get(path[i]);
            if (!(next instanceof Map)) {
                next = new LinkedHashMap<String, Object>();
                at.put(path[i], next);
            }
            at = asTree(next);
        }
        at.put(path[path.length - 1], value);
        places.keySet().removeIf(known -> known.equals(key) || known.startsWith(key + "."));
        places.put(key, "--set " + assignment);
    }

    @SuppressWarnings("unchecked") // every map in the tree was made here, with String keys
    private static Map<String, Object> asTree(Object map) {
        return (Map<String, Object>) map;
    }

    private void merge(Map<?, ?> from, Map<String, Object> into, String where, String prefix) {
        from.forEach((key, value) -> {
            if (!(key instanceof String text)) {
                throw new SettingsException(
                        where + ": the key " + prefix + key + " must be a string, but is " + describe(key));
            }
            if (value instanceof Map<?, ?> map) {
                Map<String, Object> child = new LinkedHashMap<>();
                merge(map, child, where, prefix + text + ".");
                into.put(text, child);
            } else {
                into.put(text, value);
            }
        });
    }

    private void recordPlaces(Node node, String prefix) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    String path = prefix + key.getValue();
                    places.put(path, name + " line " + (key.getStartMark().getLine() + 1));
                    recordPlaces(tuple.getValueNode(), path + ".");
                }
            }
        }
    }

    private static Object loaded(String where, String text) {
        try {
            return yaml().load(text);
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : " line " + (e.getProblemMark().getLine() + 1);
            throw new SettingsException(where + line + ": not YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new SettingsException(where + ": not YAML: " + e.getMessage());
        }
    }

    private static Yaml yaml() {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        options.setCodePointLimit(MAX_BYTES);
        options.setMaxAliasesForCollections(20);
        options.setNestingDepthLimit(20);
        return new Yaml(new SafeConstructor(options));
    }

    static String describe(Object value) {
        if (value == null) {
            return "nothing";
        }
        String kind = value instanceof Map
                ? "a mapping"
                : value instanceof List
                        ? "a list"
                        : value instanceof Boolean ? "a boolean" : value instanceof Number ? "a number" : "a string";
        return kind + " (" + value + ")";
    }
}
