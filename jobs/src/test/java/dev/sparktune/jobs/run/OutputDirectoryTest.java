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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputDirectoryTest {
    @TempDir
    Path root;

    private Path target;
    private OutputDirectory output;

    @BeforeEach
    void local() throws IOException {
        target = root.resolve("data");
        FileSystem local = FileSystem.getLocal(new Configuration());
        LocalChecksums.ignore(local); // as jobs do, and whatever tests were before
        output = new OutputDirectory(local, new org.apache.hadoop.fs.Path(target.toUri()), "adapter");
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

    @Test
    void workBegunWithOverwriteIsGoneOnWithByARetryWithOverwrite() throws IOException {
        finish("a", "old");
        output.open("b", true, true);
        Files.writeString(partial().resolve("checkpoint"), "1");

        assertThat(output.open("b", true, true)).isEqualTo(State.UNFINISHED);
        assertThat(partial().resolve("checkpoint")).exists();
        output.commit("new");
        assertThat(target.resolve("metrics.json")).hasContent("new");
    }

    @Test
    void aFinishedOutputIsComputedAnewWithOverwriteAndGoneOnWithWhenThatIsCutOff() throws IOException {
        finish("a", "old");

        assertThat(output.open("a", true, true)).isEqualTo(State.FRESH);
        assertThat(output.open("a", true, true)).isEqualTo(State.UNFINISHED);
        output.commit("new");
        assertThat(target.resolve("metrics.json")).hasContent("new");
    }

    @Test
    void whatCannotGoOnIsBegunAnewWithOverwrite() throws IOException {
        output.open("a", false, false);
        Files.writeString(partial().resolve("half"), "1");

        assertThat(output.open("a", false, true)).isEqualTo(State.FRESH);
        assertThat(partial().resolve("half")).doesNotExist();
    }

    @Test
    void aReplacementCutOffBeforeItsRenamesIsFinishedByARetryWithOverwrite() throws IOException {
        finish("a", "old");
        output.open("b", true, true);
        Files.writeString(partial().resolve("metrics.json"), "new");

        assertThat(output.open("b", true, true)).isEqualTo(State.UP_TO_DATE);
        assertThat(target.resolve("metrics.json")).hasContent("new");
        assertThat(partial()).doesNotExist();
        assertThat(old()).doesNotExist();
    }

    @Test
    void aCompanionGetsItsPlaceWithTheOutput() throws IOException {
        finishWithCompanion("a", "first");
        assertThat(adapter().resolve("weights")).hasContent("first");
        assertThat(output.isUpToDate("a")).isTrue();

        output.open("b", true, true);
        writeCompanion("second");
        assertThat(adapter().resolve("weights")).hasContent("first");
        output.commit("new");
        assertThat(adapter().resolve("weights")).hasContent("second");
        assertThat(target).isDirectoryNotContaining("glob:**__adapter");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aRunCutOffBeforeItsCompanionWasMovedIsFinishedByTheNext(boolean oldOneIsGone) throws IOException {
        finishWithCompanion("a", "first");
        output.open("b", true, true);
        writeCompanion("second");
        output.commit("new");
        Files.move(adapter(), target.resolve("__adapter"));
        if (!oldOneIsGone) {
            Files.createDirectory(adapter());
            Files.writeString(adapter().resolve("weights"), "first");
        }

        assertThat(output.isUpToDate("b")).isFalse();
        assertThat(output.open("b", true, false)).isEqualTo(State.UP_TO_DATE);
        assertThat(output.isUpToDate("b")).isTrue();
        assertThat(adapter().resolve("weights")).hasContent("second");
    }

    @Test
    void aRunWithoutACompanionTakesAwayThatOfTheRunItReplaces() throws IOException {
        finishWithCompanion("a", "first");

        output.open("b", true, true);
        assertThat(adapter()).exists();
        output.commit("new");
        assertThat(adapter()).doesNotExist();
        assertThat(output.isUpToDate("b")).isTrue();

        Files.createDirectory(adapter());
        assertThat(output.open("b", true, false)).isEqualTo(State.UP_TO_DATE);
        assertThat(adapter()).as("put there by the user since").exists();
    }

    @Test
    void aFinishedOutputWhoseCompanionIsGoneIsNotUpToDate() throws IOException {
        finishWithCompanion("a", "first");
        output.fileSystem().delete(new org.apache.hadoop.fs.Path(adapter().toUri()), true);

        assertThat(output.isUpToDate("a")).isFalse();
        assertThatThrownBy(() -> output.open("a", true, false))
                .hasMessage("file:" + adapter() + ": is gone or was replaced, but belongs to the finished file:"
                        + target + "; give --overwrite to make both anew");
        assertThat(output.open("a", true, true)).isEqualTo(State.FRESH);
    }

    @Test
    void whatLiesInTheCompanionsPlaceIsRefusedUnlessOverwritten() throws IOException {
        Files.createDirectory(adapter());
        Files.writeString(adapter().resolve("thesis.txt"), "years of work");
        assertThatThrownBy(() -> output.open("a", true, false))
                .hasMessageEndingWith("adapter: is there already, but is no output of sparktune; give --overwrite to"
                        + " replace it, or another output");

        Files.writeString(adapter().resolve("__identity"), "b");
        assertThatThrownBy(() -> output.open("a", true, false))
                .hasMessageContaining("adapter: holds a finished output of other settings");
        assertThat(output.open("b", true, false)).isEqualTo(State.FRESH);
        assertThat(adapter().resolve("thesis.txt")).exists();
    }

    private void finishWithCompanion(String identity, String weights) throws IOException {
        output.open(identity, true, false);
        writeCompanion(weights);
        output.commit("{}");
    }

    private void writeCompanion(String weights) throws IOException {
        Files.createDirectory(partial().resolve("__adapter"));
        Files.writeString(partial().resolve("__adapter/weights"), weights);
    }

    private Path adapter() {
        return root.resolve("adapter");
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
