package dev.sparktune.jobs.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsReferenceTest {
    private static final Path PAGE = Path.of("..", "conf", "reference.md");

    /** {@code -Dsparktune.write=true} writes the page anew. */
    @Test
    void thePageIsWhatTheRecordsSay() throws IOException {
        if (Boolean.getBoolean("sparktune.write")) {
            Files.writeString(PAGE, SettingsReference.markdown());
        }
        assertThat(PAGE)
                .as("run `mvn test -pl jobs -am -Dtest=SettingsReferenceTest -Dsparktune.write=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false`")
                .hasContent(SettingsReference.markdown());
    }
}
