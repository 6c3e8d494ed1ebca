package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.testing.OldJavaHome;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs as users start them: a real spark-submit, the job jar and a YAML in an empty directory. */
class SparkSubmitIT {
    @TempDir
    Path directory;

    @Test
    void withoutASettingsFileTheUsageIsWrongAndTheExitCodeIs2() throws Exception {
        Outcome outcome = SparkSubmit.in(directory).run("Synthesize");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("Missing required option: '--config=URI'");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void anUnknownKeyNamesTheNearestKnownOneAndTheExitCodeIs2() throws Exception {
        yaml("output: made\nsynthesize:\n  rowz: 100\n");

        Outcome outcome = SparkSubmit.in(directory).run("Synthesize", "--config", "small.yaml");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(2);
        assertThat(outcome.stderr()).contains("synthesize.rowz").contains("synthesize.rows");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    @Test
    void anInputThatIsNotThereIsNamedAndTheExitCodeIs1() throws Exception {
        yaml("output: made\ninput:\n  path: no-such-reviews\ntemplates:\n  dataset: reviews\n");

        Outcome outcome = SparkSubmit.in(directory).run("Prepare", "--config", "small.yaml");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr()).contains("no-such-reviews").doesNotContain("\tat ");
        assertThat(directory.resolve("made")).doesNotExist();
    }

    @Test
    void helpGoesToStdoutAndTheExitCodeIs0() throws Exception {
        Outcome outcome = SparkSubmit.in(directory).run("Synthesize", "--help");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isZero();
        assertThat(outcome.stdout()).contains("--config").contains("synthesize.rows");
    }

    @Test
    void anOlderJavaIsRefusedByName() throws Exception {
        Outcome outcome =
                SparkSubmit.in(directory).withJava(OldJavaHome.require()).run("Prepare", "--config", "small.yaml");

        assertThat(outcome.exitCode()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stderr())
                .contains("sparktune prepare: sparktune needs Java 17 or later, but this is Java 11 (")
                .doesNotContain("\tat ");
    }

    private void yaml(String text) throws Exception {
        Files.writeString(directory.resolve("small.yaml"), text);
    }
}
