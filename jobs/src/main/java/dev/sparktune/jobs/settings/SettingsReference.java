package dev.sparktune.jobs.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Every key with its type, default, bound and help, for {@code --help} and {@code conf/reference.md}. */
public final class SettingsReference {
    /** One key; {@code bounds} is empty where there are none. */
    public record Key(String name, String type, String byDefault, String bounds, String help, boolean operational) {}

    private SettingsReference() {}

    /** All keys, in the order of the records. */
    public static List<Key> keys() {
        List<Key> keys = new ArrayList<>();
        collect(Settings.class, "", keys);
        return keys;
    }

    /** Names of all keys and of the sections around them. */
    static List<String> names() {
        return keys().stream()
                .map(Key::name)
                .flatMap(name ->
                        name.contains(".") ? Stream.of(name, name.substring(0, name.indexOf('.'))) : Stream.of(name))
                .distinct()
                .toList();
    }

    /** The text of {@code --help} for a job that reads these sections and single keys. */
    public static String help(Set<String> sections) {
        StringBuilder help = new StringBuilder();
        for (Key key : keys()) {
            if (sections.contains(key.name()) || sections.contains(key.name().split("\\.")[0])) {
                help.append("  ")
                        .append(key.name())
                        .append("  <")
                        .append(key.type())
                        .append('>');
                help.append(key.byDefault().isEmpty() ? "" : "  default " + key.byDefault());
                help.append(key.bounds().isEmpty() ? "" : "  (" + key.bounds() + ")");
                help.append(System.lineSeparator())
                        .append("      ")
                        .append(key.help())
                        .append(System.lineSeparator());
            }
        }
        return help.toString();
    }

    /** {@code conf/reference.md}. */
    public static String markdown() {
        StringBuilder page = new StringBuilder("# Every setting\n\nMade from the settings records by "
                + "`SettingsReferenceTest`; a test fails when the two differ. Give a key in the YAML file of `--config` "
                + "or by `--set key=value`.\n");
        String section = null;
        for (Key key : keys()) {
            String own = key.name().contains(".")
                    ? key.name().substring(0, key.name().indexOf('.'))
                    : "(top level)";
            if (!own.equals(section)) {
                section = own;
                page.append("\n## ").append(section).append("\n\n| key | type | default | bounds | what it is |\n");
                page.append("|---|---|---|---|---|\n");
            }
            page.append("| `")
                    .append(key.name())
                    .append("` | ")
                    .append(key.type())
                    .append(" | ");
            page.append(key.byDefault().isEmpty() ? "" : "`" + key.byDefault() + "`")
                    .append(" | ");
            page.append(key.bounds())
                    .append(" | ")
                    .append(key.help().replace("|", "\\|"))
                    .append(" |\n");
        }
        return page.toString();
    }

    private static void collect(Class<?> type, String prefix, List<Key> keys) {
        for (RecordComponent component : type.getRecordComponents()) {
            String name = prefix + SettingsBinder.key(component);
            if (component.getType().isRecord()) {
                collect(component.getType(), name + ".", keys);
            } else {
                Setting setting = component.getAnnotation(Setting.class);
                String bounds = setting.oneOf().length > 0
                        ? String.join(", ", setting.oneOf())
                        : SettingsBinder.bounds(setting);
                keys.add(new Key(
                        name,
                        typeName(component.getGenericType()),
                        setting.byDefault(),
                        setting.required() ? "required" + (bounds.isEmpty() ? "" : ", " + bounds) : bounds,
                        setting.help(),
                        setting.operational()));
            }
        }
    }

    private static String typeName(Type type) {
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? "list of " + typeName(arguments[0])
                    : "map to " + typeName(arguments[1]);
        }
        return switch (((Class<?>) type).getSimpleName()) {
            case "String" -> "string";
            case "int", "Integer", "long", "Long" -> "whole number";
            case "double", "Double" -> "number";
            case "Object" -> "anything";
            default -> "true or false";
        };
    }
}
