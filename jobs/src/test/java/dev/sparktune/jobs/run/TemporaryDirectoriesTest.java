package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class TemporaryDirectoriesTest {
    @Test
    void whereSparkRunsTheyLieInItsLocalDirectoryAndGoWithAllInThem() throws IOException {
        LocalSpark.session();
        Path directory = TemporaryDirectories.make();
        Files.writeString(Files.createDirectory(directory.resolve("a")).resolve("b"), "c");

        assertThat(directory.getParent().getFileName().toString()).matches("spark-[0-9a-f-]{36}");
        TemporaryDirectories.delete(directory);
        assertThat(directory).doesNotExist();
    }
}
