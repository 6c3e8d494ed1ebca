package dev.sparktune.jobs.tune;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialRecordTest {
    private static final Outcome FIRST = new Outcome(0, 2, 2.5, null);
    private static final Outcome SECOND = new Outcome(1, 4, null, "training stops");

    @TempDir
    java.nio.file.Path root;

    @Test
    void aKillWhileAnOutcomeIsWrittenLosesNoEarlierOne() throws IOException {
        FileSystem fs = FileSystem.getLocal(new Configuration());
        Path directory = new Path(root.toUri());
        TrialRecord.read(fs, directory).with(fs, directory, FIRST);
        Files.writeString(root.resolve("_0-rung-2.json"), "{\"rung\": 1, \"st"); // cut short by the kill

        TrialRecord goneOn = TrialRecord.read(fs, directory);

        assertThat(goneOn.outcomes()).containsExactly(FIRST);
        goneOn.with(fs, directory, SECOND);
        assertThat(TrialRecord.read(fs, directory).outcomes()).containsExactly(FIRST, SECOND);
    }
}
