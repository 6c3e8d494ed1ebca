package dev.sparktune.model.hf;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which linear maps a PEFT method is put on, as PEFT takes it.
 *
 * @param names ends of modules' paths, such as {@code q_proj} or {@code 0.self_attn.q_proj}; of no use beside an expression
 * @param expression a regular expression for whole paths; null: the names decide
 */
public record TargetModules(List<String> names, String expression) implements Serializable {
    /** All linear maps of the blocks. */
    public static final String ALL_LINEAR = "all-linear";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");

    /** @throws IllegalArgumentException for no name at all, and an expression that is none or is too long */
    public TargetModules {
        names = List.copyOf(names);
        if (names.isEmpty() == (expression == null)) {
            throw new IllegalArgumentException("target_modules must be names or a regular expression, but are empty");
        }
        if (expression != null) {
            pattern(expression);
        }
    }

    /** Names, {@link #ALL_LINEAR}, or one regular expression: what has other characters than names have. */
    public static TargetModules of(List<String> entries) {
        List<String> expressions =
                entries.stream().filter(entry -> !NAME.matcher(entry).matches()).toList();
        if (expressions.isEmpty()) {
            return new TargetModules(entries, null);
        }
        if (entries.size() > 1) {
            throw new IllegalArgumentException(
                    "target_modules has '" + expressions.get(0) + "' among others; a regular expression stands alone");
        }
        return new TargetModules(List.of(), entries.get(0));
    }

    private static PathPattern pattern(String expression) {
        return new PathPattern("target_modules", expression);
    }

    boolean matches(String path) {
        return expression != null
                ? pattern(expression).matches(path)
                : names.stream().anyMatch(name -> matches(name, path));
    }

    /** Whether a name is this path's, or its end's. */
    static boolean matches(String name, String path) {
        return name.equals(ALL_LINEAR) || path.equals(name) || path.endsWith("." + name);
    }
}
