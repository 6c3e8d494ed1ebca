package dev.sparktune.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.util.Utils;

/**
 * Directories of this machine that go, with all in them, when the JVM ends or nobody needs them any more. They lie below Spark's
 * local directory where there is one: the cluster empties an executor's, also where its JVM was killed.
 */
public final class TemporaryDirectories {
    private static final String PREFIX = "sparktune-";
    private static final Set<Path> STANDING = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STANDING.forEach(TemporaryDirectories::delete)));
    }

    private TemporaryDirectories() {}

    /** A new one, empty. */
    public static Path make() throws IOException {
        SparkEnv spark = SparkEnv.get();
        Path directory = spark == null
                ? Files.createTempDirectory(PREFIX)
                : Files.createTempDirectory(Path.of(Utils.getLocalDir(spark.conf())), PREFIX);
        STANDING.add(directory);
        return directory;
    }

    /** Removes one; what cannot be removed is said on standard error. */
    public static void delete(Path directory) {
        STANDING.remove(directory);
        if (!Files.exists(directory)) { // Spark was first
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            if (Files.exists(directory)) {
                System.err.println("could not remove " + directory + ": " + e.getMessage());
            }
        }
    }

    static Set<Path> standing() {
        return Set.copyOf(STANDING);
    }
}
