package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.testing.RemoteFiles;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.testing.ProjectRoot;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteModelTest {
    private static final String WEIGHTS = "model.safetensors";

    @TempDir
    private Path there;

    private final Configuration configuration = RemoteFiles.configuration();
    private final Locations locations = new Locations(configuration);
    private RemoteFiles remote;
    private String uri;

    @BeforeEach
    void aModelOnAnotherFileSystem() throws IOException {
        try (var files = Files.list(ProjectRoot.resolve("conf/tiny-base"))) {
            for (Path file : files.toList()) {
                Files.copy(file, there.resolve(file.getFileName()));
            }
        }
        remote = RemoteFiles.of(configuration);
        uri = "remote://" + there;
    }

    @AfterEach
    void nothingIsLostAnyMore() {
        remote.loseLast(0);
    }

    @Test
    void itIsFetchedOnceHoweverOftenItIsLoaded() throws IOException {
        Files.writeString(there.resolve("pytorch_model.bin"), "never read");
        for (int i = 0; i < 3; i++) {
            HfModel.Loaded loaded = ModelLoader.load(locations, "model.base", uri, "float32");
            loaded.decoder().close();
            assertThat(loaded.info().directory().resolve(WEIGHTS)).hasSameBinaryContentAs(there.resolve(WEIGHTS));
        }

        assertThat(remote.opened(there))
                .doesNotHaveDuplicates()
                .contains(WEIGHTS)
                .doesNotContain("pytorch_model.bin");
    }

    @Test
    void aChangedModelIsFetchedAgain() throws IOException {
        Path before = locations.localDirectory(uri);
        Files.writeString(there.resolve("README.md"), "changed");
        Files.setLastModifiedTime(there.resolve("README.md"), FileTime.fromMillis(1));

        assertThat(locations.localDirectory(uri)).isNotEqualTo(before);
        assertThat(before).as("the copy that was replaced").doesNotExist();
        assertThat(locations.localDirectory(uri).resolve("README.md")).hasContent("changed");
    }

    @Test
    void whoOnlyChecksAModelFetchesNoWeights() throws IOException {
        long headerBytes;
        try (RandomAccessFile file = new RandomAccessFile(there.resolve(WEIGHTS).toFile(), "r")) {
            headerBytes = Long.BYTES + Long.reverseBytes(file.readLong());
        }
        long before = remote.bytesRead();

        Path copy = ModelLoader.check(locations, "model.base", uri).directory();

        byte[] weights = Files.readAllBytes(copy.resolve(WEIGHTS));
        byte[] whole = Files.readAllBytes(there.resolve(WEIGHTS));
        assertThat(weights).hasSameSizeAs(whole).startsWith(Arrays.copyOf(whole, (int) headerBytes));
        for (int i = (int) headerBytes; i < weights.length; i++) {
            assertThat(weights[i]).as("byte %d", i).isZero();
        }
        assertThat(remote.bytesRead() - before).isLessThan(whole.length / 2);
    }

    @Test
    void aCheckFindsWhatIsWrongWithTheWeightsAndNamesTheirPlace() throws IOException {
        byte[] hostile = ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(Long.MAX_VALUE)
                .array();
        Files.write(there.resolve(WEIGHTS), hostile);

        assertThatThrownBy(() -> ModelLoader.check(locations, "model.base", uri + "/"))
                .isInstanceOf(JobFailure.class)
                .hasMessage("model.base: the safetensors file " + uri + "/" + WEIGHTS
                        + " claims a header of 9223372036854775807 bytes; the bound is 100000000");
    }

    @Test
    void aFileThatComesShortIsNamedAndNothingStaysOfTheCopy() {
        remote.loseLast(3);
        Set<Path> before = TemporaryDirectories.standing();
        long length = there.resolve("LICENSE").toFile().length();

        assertThatThrownBy(() -> locations.localDirectory(uri))
                .isInstanceOf(JobFailure.class)
                .hasMessage("remote:" + there + "/LICENSE: is listed with " + (length + 3) + " bytes, but " + length
                        + " came");
        assertThat(TemporaryDirectories.standing()).isEqualTo(before).allMatch(Files::exists);
    }

    @Test
    void aCopyThatWasCutIsNamedAndFetchedAgainByTheNextAttempt() throws IOException {
        Path copy = locations.localDirectory(uri).resolve(WEIGHTS);
        long length = Files.size(copy);
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.setLength(1000);
        }

        assertThatThrownBy(() -> ModelLoader.load(locations, "model.base", uri, "float32"))
                .isInstanceOf(JobFailure.class)
                .hasMessage(copy + ", the copy of remote:" + there + "/" + WEIGHTS + ", has 1000 bytes, not " + length);
        assertThat(copy.getParent()).doesNotExist();
        assertThat(locations.localDirectory(uri).resolve(WEIGHTS)).hasSameBinaryContentAs(there.resolve(WEIGHTS));
    }

    @Test
    void aCopyThatWasAlteredIsNamed() throws IOException {
        Path copy = locations.localDirectory(uri).resolve(WEIGHTS);
        try (RandomAccessFile file = new RandomAccessFile(copy.toFile(), "rw")) {
            file.seek(file.length() - 1);
            file.write(77);
        }

        assertThatThrownBy(() -> ModelLoader.load(locations, "model.base", uri, "float32"))
                .isInstanceOf(JobFailure.class)
                .hasMessageMatching("\\Q" + copy + ", the copy of remote:" + there + "/" + WEIGHTS
                        + ", was altered: its CRC-32C is \\E[0-9a-f]+, not [0-9a-f]+");
    }

    @Test
    void aLocalModelIsReadWhereItLies() throws IOException {
        assertThat(locations.localDirectory(there.toString())).isEqualTo(there);
        assertThat(locations.localDirectoryWithoutWeights(there.toString())).isEqualTo(there);
    }

    @Test
    void aHubNameIsToldWhatToDoInstead() {
        for (String name : List.of("HuggingFaceTB/SmolLM2-135M", "openai-community/gpt2")) {
            assertThatThrownBy(() -> ModelLoader.check(locations, "model.base", name))
                    .isInstanceOf(JobFailure.class)
                    .hasMessageContaining(name + ": no such directory; if this is a name on the Hugging Face Hub,"
                            + " download it first");
        }
    }

    @Test
    void onlyALocalDiskIsReadWithoutChecksums() throws IOException {
        Path edited = there.resolve("edited.txt");
        org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(edited.toUri());
        try (var out =
                org.apache.hadoop.fs.FileSystem.newInstanceLocal(configuration).create(file)) {
            out.writeBytes("by Hadoop");
        }
        assertThat(there.resolve(".edited.txt.crc")).exists();
        Files.writeString(edited, "by a user");

        assertThat(locations.read(edited.toString(), 100)).isEqualTo("by a user");
        locations.fileSystem(new org.apache.hadoop.fs.Path(uri));
        assertThat(remote.verified()).as("what another file system verifies").isTrue();
    }
}
