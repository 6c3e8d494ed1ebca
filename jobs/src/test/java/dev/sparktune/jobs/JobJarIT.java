package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.testing.SparkHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the job jar, and what must not be. */
class JobJarIT {
    private static final Path JOB_JAR = Path.of(System.getProperty("sparktune.jobJar"));
    private static final Path EMBEDDED_SPARK = Path.of(System.getProperty("sparktune.embeddedSpark"));

    @Test
    void holdsNoClassThatTheEmbeddedSparkHas() throws IOException {
        assertThat(shadowed(EMBEDDED_SPARK)).isEmpty();
    }

    @Test
    void holdsNoClassThatARealSparkHas() throws IOException {
        assertThat(shadowed(SparkHome.require().resolve("jars"))).isEmpty();
    }

    @Test
    void theEmbeddedSparkIsPartOfTheRealOne() throws IOException {
        Set<String> missing = new TreeSet<>(jarNames(EMBEDDED_SPARK));
        missing.removeAll(jarNames(SparkHome.require().resolve("jars")));
        assertThat(missing)
                .as("jars of the embedded Spark that a real one has in another version, or not at all")
                .isEmpty();
    }

    @Test
    void holdsTheNativesOfOnePlatform() {
        assertThat(entries(JOB_JAR))
                .filteredOn(name -> name.matches(".*\\.(so(\\.\\d+)*|dll|dylib|jnilib|a)"))
                .isNotEmpty()
                .allMatch(
                        name -> name.contains("linux-x86_64") || name.contains("linux-x86-64"), "for linux on x86-64");
    }

    @Test
    void holdsWhatAJobNeedsBesidesItsYaml() {
        assertThat(entries(JOB_JAR))
                .contains(
                        "META-INF/LICENSE",
                        "META-INF/services/org.nd4j.linalg.factory.Nd4jBackend",
                        "conf/spark.properties",
                        "dev/sparktune/shaded/snakeyaml/LoaderOptions.class")
                .noneMatch(name -> name.startsWith("org/yaml/snakeyaml/") || name.startsWith("com/google/"));
    }

    /** Classes of the job jar that are also on Spark's classpath, which comes first. */
    private static Set<String> shadowed(Path sparkJars) throws IOException {
        List<String> ours = entries(JOB_JAR);
        Set<String> shadowed = new TreeSet<>();
        try (Stream<Path> jars = Files.list(sparkJars)) {
            Set<String> classes = jars.filter(jar -> jar.toString().endsWith(".jar"))
                    .flatMap(jar -> entries(jar).stream())
                    .filter(name -> name.endsWith(".class"))
                    .collect(Collectors.toSet());
            ours.stream().filter(classes::contains).forEach(shadowed::add);
        }
        return shadowed;
    }

    private static Set<String> jarNames(Path directory) throws IOException {
        try (Stream<Path> jars = Files.list(directory)) {
            return jars.map(jar -> jar.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private static List<String> entries(Path jar) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> !name.endsWith("/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
