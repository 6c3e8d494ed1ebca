package dev.sparktune.testing;

import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of the checkout, found upwards from wherever the test runs (a module's directory, or the root). */
public final class ProjectRoot {
    private ProjectRoot() {}

    /** The absolute path of {@code relative} in the checkout, whether or not it exists. */
    public static Path resolve(String relative) {
        return find().resolve(relative).normalize();
    }

    private static Path find() {
        Path start = Path.of("").toAbsolutePath();
        for (Path directory = start; directory != null; directory = directory.getParent()) {
            if (Files.exists(directory.resolve("lib/pom.xml")) && Files.exists(directory.resolve("jobs/pom.xml"))) {
                return directory;
            }
        }
        throw new IllegalStateException("no checkout of sparktune above " + start);
    }
}
