package dev.sparktune.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Paths that {@code scripts/python-env} exports. */
final class EnvironmentVariable {
    private EnvironmentVariable() {}

    /**
     * The path that variable {@code name} holds. Unset: the test is skipped. Set to a path without {@code expected}
     * under it: an error, for whoever set it wants the test to run.
     */
    static Path require(String name, String expected) {
        String value = System.getenv(name);
        if (value == null || value.isBlank()) {
            return Assumptions.abort("needs " + name + "; `eval \"$(scripts/python-env)\"` sets it");
        }
        Path path = Path.of(value).toAbsolutePath();
        if (!Files.isExecutable(path.resolve(expected))) {
            throw new IllegalStateException(name + "=" + value + ", but " + path.resolve(expected)
                    + " is not there or not executable; `eval \"$(scripts/python-env)\"` sets it");
        }
        return path;
    }
}
