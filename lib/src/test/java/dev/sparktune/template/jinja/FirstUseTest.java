package dev.sparktune.template.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FirstUseTest {
    /** Tables that need each other while they are made work in one order only, and can lock two threads. */
    @Test
    void everyClassCanBeTheFirstThatIsUsed() throws Exception {
        URL classes = JinjaTemplate.class.getProtectionDomain().getCodeSource().getLocation();
        List<String> names;
        try (Stream<Path> files = Files.list(Path.of(classes.toURI()).resolve("dev/sparktune/template/jinja"))) {
            names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .map(file -> "dev.sparktune.template.jinja." + file.replace(".class", ""))
                    .toList();
        }
        assertThat(names).hasSizeGreaterThan(50);
        for (String name : names) {
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
                assertThatCode(() -> Class.forName(name, true, loader)).as(name).doesNotThrowAnyException();
            }
        }
    }
}
