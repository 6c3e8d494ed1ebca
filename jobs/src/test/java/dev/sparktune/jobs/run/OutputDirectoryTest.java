package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.run.OutputDirectory.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputDirectoryTest {
    @TempDir
    Path root;

    private Path target;
    private OutputDirectory output;

    @BeforeEach
    void local() throws IOException {
        target = root.resolve("data");
        FileSystem local = FileSystem.getLocal(new Configuration());
        output = new OutputDirectory(local, new org.apache.hadoop.fs.Path(target.toUri()));
    }

    @Test
    void onlyCommitGivesTheFinalName() throws IOException {
        assertThat(output.open("a", false, false)).isEqualTo(State.FRESH);
        assertThat(target).doesNotExist();

        output.commit("{}");

        assertThat(target.resolve("metrics.json")).hasContent("{}");
        assertThat(partial()).doesNotExist();
        assertThat(output.open("a", false, false)).isEqualTo(State.UP_TO_DATE);
    }

    @Test
    void aFinishedOutputOfOtherSettingsIsRefusedUnlessOverwritten() throws IOException {
        finish("a", "old");

        assertThatThrownBy(() -> output.open("b", false, false))
                .hasMessageEndingWith("data: holds a finished output of other settings or inputs; give --overwrite to"
                        + " replace it, or another output");

        assertThat(output.open("b", false, true)).isEqualTo(State.FRESH);
        assertThat(target.resolve("metrics.json")).hasContent("old");
        output.commit("new");
        assertThat(target.resolve("metrics.json")).hasContent("new");
        assertThat(old()).doesNotExist();
    }

    @Test
    void aDirectoryThatIsNotOursIsRefused() throws IOException {
        Files.createDirectory(target);
        Files.writeString(target.resolve("thesis.txt"), "years of work");

        assertThatThrownBy(() -> output.open("a", false, false))
                .hasMessageContaining("is there already, but is no output of sparktune");
        assertThat(target.resolve("thesis.txt")).exists();
    }

    @Test
    void unfinishedWorkIsResumedByTheSameSettingsAndKeptFromOthers() throws IOException {
        output.open("a", true, false);
        Files.writeString(partial().resolve("checkpoint"), "1");

        assertThat(output.open("a", true, false)).isEqualTo(State.UNFINISHED);
        assertThatThrownBy(() -> output.open("b", true, false)).hasMessageContaining("holds unfinished work");
        assertThat(partial().resolve("checkpoint")).exists();

        assertThat(output.open("b", true, true)).isEqualTo(State.FRESH);
        assertThat(partial().resolve("checkpoint")).doesNotExist();
    }

    @Test
    void aRunThatFailedAtItsStartIsInNobodysWay() throws IOException {
        output.open("a", true, false);

        assertThat(output.open("b", true, false)).isEqualTo(State.FRESH);
    }

    @Test
    void aReplacementCutOffBetweenItsTwoRenamesIsFinished() throws IOException {
        finish("a", "old");
        output.open("b", false, true);
        Files.writeString(partial().resolve("metrics.json"), "new");
        Files.move(target, old());

        assertThat(output.open("b", false, false)).isEqualTo(State.UP_TO_DATE);
        assertThat(target.resolve("metrics.json")).hasContent("new");
        assertThat(old()).doesNotExist();
    }

    @Test
    void aReplacementThatNeverBecameWholeIsUndone() throws IOException {
        finish("a", "old");
        Files.move(target, old());

        assertThat(output.open("a", false, false)).isEqualTo(State.UP_TO_DATE);
        assertThat(target.resolve("metrics.json")).hasContent("old");
    }

    private void finish(String identity, String metrics) throws IOException {
        output.open(identity, false, false);
        output.commit(metrics);
    }

    private Path partial() {
        return root.resolve("data.__partial");
    }

    private Path old() {
        return root.resolve("data.__old");
    }
}
