package dev.sparktune.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Real data and models that are not part of the project: the directory {@code SPARKTUNE_SHARED}, or {@code shared}
 * beside the checkout. A test that needs what is not there is skipped, and listed by {@link SkippedTests}.
 */
public final class Shared {
    private Shared() {}

    /** The file or directory {@code relative}, such as {@code data/amazon/parquet}; without it the test is skipped. */
    public static Path require(String relative) {
        Path path = root().resolve(relative).normalize();
        if (!Files.exists(path)) {
            return Assumptions.abort("needs " + path + "; SPARKTUNE_SHARED may name another place for " + relative);
        }
        return path;
    }

    private static Path root() {
        String named = System.getenv("SPARKTUNE_SHARED");
        return named == null || named.isBlank()
                ? ProjectRoot.resolve("../shared")
                : Path.of(named).toAbsolutePath();
    }
}
