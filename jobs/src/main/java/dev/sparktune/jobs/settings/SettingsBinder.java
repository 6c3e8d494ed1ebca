package dev.sparktune.jobs.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.commons.text.similarity.LevenshteinDistance;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Makes settings records of a document: types, bounds and defaults as the components' {@link Setting}s say. */
final class SettingsBinder {
    private final SettingsDocument document;
    private final List<String> knownKeys;

    SettingsBinder(SettingsDocument document, List<String> knownKeys) {
        this.document = document;
        this.knownKeys = knownKeys;
    }

    /** @param sections the top-level keys and sections that the job reads: only there are required keys required */
    <R extends Record> R bind(Class<R> type, Set<String> sections) {
        return bindRecord(type, document.values(), "", sections::contains);
    }

    private <R extends Record> R bindRecord(
            Class<R> type, Map<String, Object> values, String prefix, Predicate<String> isRead) {
        RecordComponent[] components = type.getRecordComponents();
        Set<String> names = new HashSet<>();
        for (RecordComponent component : components) {
            names.add(key(component));
        }
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw unknown(prefix + name);
            }
        }
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = key(components[i]);
            arguments[i] = bindComponent(components[i], values.get(name), prefix + name, isRead.test(name));
        }
        return instance(type, components, arguments, prefix);
    }

    private Object bindComponent(RecordComponent component, Object value, String key, boolean isRead) {
        Class<?> type = component.getType();
        Setting setting = component.getAnnotation(Setting.class);
        if (type.isRecord()) {
            Map<String, Object> section = new LinkedHashMap<>();
            if (value instanceof Map<?, ?> map) {
                map.forEach((k, v) -> section.put((String) k, v));
            } else if (value != null) {
                throw wrongType(key, "a section with keys of its own", value);
            }
            return bindRecord(type.asSubclass(Record.class), section, key + ".", below -> isRead);
        }
        Object given = value != null ? value : defaultOf(setting);
        if (given == null && setting.required() && isRead) {
            throw new SettingsException(
                    key + ": is required; give it in " + document.place(key) + " or by --set " + key + "=…");
        }
        Object bound = convert(component.getGenericType(), given, key);
        check(setting, bound, key);
        return bound;
    }

    private static Object defaultOf(Setting setting) {
        return setting.byDefault().isEmpty()
                ? null
                : new Yaml(new SafeConstructor(new LoaderOptions())).load(setting.byDefault());
    }

    private Object convert(Type type, Object value, String key) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                return convertList(arguments[0], value, key);
            }
            if (generic.getRawType() == Map.class) {
                return convertMap(arguments[1], value, key);
            }
        }
        return value == null ? null : convertScalar((Class<?>) type, value, key);
    }

    private List<Object> convertList(Type element, Object value, String key) {
        if (value == null) {
            return List.of();
        }
        List<?> given = value instanceof List<?> list ? list : List.of(value); // one value is a list of one
        List<Object> converted = new ArrayList<>();
        for (Object item : given) {
            converted.add(convertScalar((Class<?>) element, item, key));
        }
        return List.copyOf(converted);
    }

    private Map<String, Object> convertMap(Type element, Object value, String key) {
        Map<String, Object> converted = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((k, v) -> converted.put(k.toString(), convertScalar((Class<?>) element, v, key + "." + k)));
        } else if (value != null) {
            throw wrongType(key, "a mapping", value);
        }
        return converted;
    }

    private Object convertScalar(Class<?> type, Object value, String key) {
        if (type == Object.class) { // whoever reads the setting knows what it may be
            return value;
        }
        if (type == String.class && value != null && !(value instanceof Map) && !(value instanceof List)) {
            return value.toString();
        }
        if ((type == boolean.class || type == Boolean.class) && value instanceof Boolean) {
            return value;
        }
        boolean whole = value instanceof Integer || value instanceof Long;
        if ((type == int.class || type == Integer.class) && whole) {
            long number = ((Number) value).longValue();
            if (number == (int) number) {
                return (int) number;
            }
        }
        if ((type == long.class || type == Long.class) && whole) {
            return ((Number) value).longValue();
        }
        if (type == double.class || type == Double.class) {
            if (value instanceof Number number) {
                return number.doubleValue();
            }
            if (value instanceof String text && text.matches("[+-]?[0-9.]+[eE][+-]?[0-9]+")) {
                return Double.parseDouble(text); // YAML 1.1 takes 5e-4 for a string
            }
        }
        throw wrongType(key, expected(type), value);
    }

    private static String expected(Class<?> type) {
        return type == String.class
                ? "a string"
                : type == boolean.class || type == Boolean.class
                        ? "true or false"
                        : type == double.class || type == Double.class ? "a number" : "a whole number";
    }

    private void check(Setting setting, Object value, String key) {
        if (value instanceof Number number
                && !(number.doubleValue() >= setting.min() && number.doubleValue() <= setting.max())) {
            throw new SettingsException(
                    key + ": must be " + bounds(setting) + ", but is " + value + " (" + document.place(key) + ")");
        }
        List<String> allowed = List.of(setting.oneOf());
        for (Object item : value instanceof List<?> list ? list : value == null ? List.of() : List.of(value)) {
            if (!allowed.isEmpty() && !allowed.contains(item.toString())) {
                throw new SettingsException(key + ": must be one of " + String.join(", ", allowed) + ", but is " + item
                        + " (" + document.place(key) + ")");
            }
        }
    }

    static String bounds(Setting setting) {
        boolean low = setting.min() != Double.NEGATIVE_INFINITY;
        boolean high = setting.max() != Double.POSITIVE_INFINITY;
        return low && high
                ? "from " + number(setting.min()) + " to " + number(setting.max())
                : low ? "at least " + number(setting.min()) : high ? "at most " + number(setting.max()) : "";
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private SettingsException wrongType(String key, String expected, Object value) {
        return new SettingsException(key + ": must be " + expected + ", but is " + SettingsDocument.describe(value)
                + " (" + document.place(key) + ")");
    }

    private SettingsException unknown(String key) {
        String leaf = key.substring(key.lastIndexOf('.') + 1);
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        String nearest = knownKeys.stream()
                .min(Comparator.comparing((String known) -> !known.endsWith("_" + leaf)) // epochs: num_train_epochs
                        .thenComparing(known -> distance.apply(known, key))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        return new SettingsException(
                key + ": unknown key; the nearest known one is " + nearest + " (" + document.place(key) + ")");
    }

    private <R extends Record> R instance(
            Class<R> type, RecordComponent[] components, Object[] arguments, String prefix) {
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException bad) {
                String section = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1) + ": ";
                throw new SettingsException(section + bad.getMessage() + " (" + document.place(prefix) + ")");
            }
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("settings record " + type + " has no canonical constructor", e);
        }
    }

    /** {@code numTrainEpochs} is the key {@code num_train_epochs}. */
    static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }
}
