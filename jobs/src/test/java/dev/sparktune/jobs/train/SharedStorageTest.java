package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.JobFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedStorageTest {
    @TempDir
    Path shared;

    /** What another machine has under the same path. */
    @TempDir
    Path elsewhere;

    @Test
    void whoSeesAllFilesGoesOnAndNothingIsLeft() throws IOException {
        storage(shared, "run-1").begin();
        storage(shared, "run-1").join(0, "a");
        storage(shared, "run-1").join(1, "b");

        assertThatCode(() -> storage(shared, "run-1").seeAll(2, "a")).doesNotThrowAnyException();
        storage(shared, "run-1").end();
        assertThat(shared).isEmptyDirectory();
    }

    @Test
    void aHostWithoutTheDriversFileIsNamed() throws IOException {
        storage(shared, "run-1").begin();
        assertThatThrownBy(() -> storage(elsewhere, "run-1").join(0, "10.0.0.7"))
                .isInstanceOf(JobFailure.class)
                .hasMessageStartingWith(
                        "output must be on storage that the driver and all executors share, but 10.0.0.7"
                                + " does not see what the driver wrote to file:" + elsewhere);
    }

    @Test
    void aHostWithAnEarlierRunsFilesIsNamed() throws IOException {
        storage(shared, "run-2").begin();
        storage(elsewhere, "run-1").begin();
        assertThatThrownBy(() -> storage(elsewhere, "run-2").join(0, "10.0.0.7"))
                .isInstanceOf(JobFailure.class)
                .hasMessageContaining("10.0.0.7 does not see what the driver wrote");
    }

    @Test
    void aWorkersFileThatIsMissingIsNamed() throws IOException {
        storage(shared, "run-1").begin();
        storage(shared, "run-1").join(0, "a");
        assertThatThrownBy(() -> storage(shared, "run-1").seeAll(2, "a"))
                .hasMessageContaining("but a does not see what worker 1 wrote");
    }

    private static SharedStorage storage(Path output, String proof) throws IOException {
        Files.createDirectories(output);
        return new SharedStorage(
                FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(output.toUri()), proof);
    }
}
