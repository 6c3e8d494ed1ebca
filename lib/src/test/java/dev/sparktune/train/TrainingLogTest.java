package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingLogTest {
    @TempDir
    Path directory;

    @Test
    void onADiskALineIsThereAsSoonAsItIsWritten() throws IOException {
        FileSystem disk = FileSystem.getLocal(new Configuration());
        try (TrainingLog log = log(disk)) {
            log.onStart(0, 10);
            log.onLog(line(1));

            assertThat(steps(disk)).containsExactly(1);
        }
    }

    @Test
    void anObjectStoreGetsTheLinesWithEachEvaluationBeforeEachCheckpointAndAtTheEnd() throws IOException {
        FileSystem store = new ObjectStore();
        try (TrainingLog log = log(store)) {
            log.onStart(0, 10);
            log.onLog(line(1));
            assertThat(steps(store)).isEmpty();
            log.onEvaluation(evaluation(2));
            assertThat(steps(store)).containsExactly(1, 2);
            log.onLog(line(3));
            assertThat(steps(store)).containsExactly(1, 2);
            log.onCheckpointBegins(3);
            assertThat(steps(store)).containsExactly(1, 2, 3);
            log.onLog(line(4));
        }

        assertThat(steps(store)).containsExactly(1, 2, 3, 4);
        assertThat(directory).isDirectoryContaining("glob:**training.jsonl");
        assertThat(directory).isDirectoryNotContaining("glob:**training.jsonl.*");
    }

    @Test
    void aRunThatWasKilledGoesOnOnAnObjectStoreFromTheLinesOfItsCheckpoint() throws IOException {
        FileSystem store = new ObjectStore();
        TrainingLog killed = log(store);
        killed.onStart(0, 10);
        killed.onLog(line(1));
        killed.onCheckpointBegins(1);
        killed.onEvaluation(evaluation(2));
        killed.onLog(line(3));

        try (TrainingLog log = log(store)) {
            log.onStart(1, 10);
            assertThat(steps(store)).containsExactly(1);
            log.onLog(line(2));
        }
        assertThat(steps(store)).containsExactly(1, 2);
    }

    @Test
    void aKillWhileTheFileIsReplacedLosesNoLine() throws IOException {
        FileSystem store = new ObjectStore();
        try (TrainingLog log = log(store)) {
            log.onStart(0, 10);
            log.onLog(line(1));
        }
        Files.move(directory.resolve("training.jsonl"), directory.resolve("training.jsonl.__new"));
        Files.writeString(directory.resolve("training.jsonl.__partial"), "{\"st");

        try (TrainingLog log = log(store)) {
            log.onStart(1, 10);
            log.onLog(line(2));
        }
        assertThat(steps(store)).containsExactly(1, 2);
    }

    private TrainingLog log(FileSystem fs) {
        return new TrainingLog(fs, file());
    }

    private List<Integer> steps(FileSystem fs) throws IOException {
        return TrainingLog.read(fs, file()).stream()
                .map(line -> line.get("step").asInt())
                .toList();
    }

    private org.apache.hadoop.fs.Path file() {
        return new org.apache.hadoop.fs.Path(directory.resolve("training.jsonl").toString());
    }

    private static TrainingListener.LogLine line(int step) {
        return new TrainingListener.LogLine(step, 0.5, 2.25, 1.5, 1e-3, 12345, 800.5);
    }

    private static Evaluation evaluation(int step) {
        return new Evaluation(step, 0.5, 2.5, 0.25, 0.75, 3.5, List.of());
    }

    /** As S3A does, it refuses to append, and to rename onto a file that is there. */
    private static final class ObjectStore extends RawLocalFileSystem {
        ObjectStore() throws IOException {
            initialize(URI.create("file:///"), new Configuration());
        }

        @Override
        public FSDataOutputStream append(org.apache.hadoop.fs.Path file, int bufferSize, Progressable progress) {
            throw new UnsupportedOperationException("Append is not supported");
        }

        @Override
        public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) throws IOException {
            return !exists(to) && super.rename(from, to);
        }

        @Override
        public boolean hasPathCapability(org.apache.hadoop.fs.Path path, String capability) throws IOException {
            return !capability.equals(CommonPathCapabilities.FS_APPEND) && super.hasPathCapability(path, capability);
        }
    }
}
