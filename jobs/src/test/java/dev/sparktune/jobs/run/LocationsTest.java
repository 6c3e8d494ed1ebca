package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationsTest {
    private final Locations locations = new Locations(new Configuration());

    @Test
    void whereAnOutputIsMissingThoseThatAreThereAreNamed(@TempDir Path root) throws Exception {
        for (String name : new String[] {"one-task", "base", "base.__old"}) {
            Files.writeString(Files.createDirectories(root.resolve(name)).resolve("metrics.json"), "{}");
        }
        Files.createDirectories(root.resolve("unfinished.__partial"));
        String missing = root.resolve("bsae").toString();

        assertThatThrownBy(() -> locations.fingerprint(missing))
                .hasMessage(missing + ": no such file or directory; there is base, one-task");
    }

    @Test
    void elsewhereNothingIsNamed(@TempDir Path root) throws Exception {
        Files.writeString(root.resolve("secret.txt"), "");

        assertThatThrownBy(() -> locations.fingerprint(root + "/reviews"))
                .hasMessage(root + "/reviews: no such file or directory");
        assertThatThrownBy(() -> locations.fingerprint(root + "/not/there"))
                .hasMessage(root + "/not/there: no such file or directory");
    }
}
