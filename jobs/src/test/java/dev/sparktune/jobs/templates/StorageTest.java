package dev.sparktune.jobs.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageTest {
    @TempDir
    Path directory;

    @BeforeEach
    void makeFiles() throws Exception {
        Files.createDirectories(directory.resolve("glue/mrpc"));
        Files.writeString(directory.resolve("glue/mrpc/templates.yaml"), "é");
        Files.writeString(directory.resolve("a.txt"), "a");
    }

    @Test
    void thisMachineAndHadoopListAndReadTheSame() throws Exception {
        for (Storage storage : new Storage[] {new LocalStorage(), new HadoopStorage()}) {
            for (String root : new String[] {directory.toString(), "file:" + directory, "file://" + directory + "/"}) {
                assertThat(storage.filesBelow(root)).containsExactly("a.txt", "glue/mrpc/templates.yaml");
                assertThat(storage.filesBelow(root.replaceAll("/$", "") + "/a.txt"))
                        .isEmpty();
                try (InputStream in = storage.open(root.replaceAll("/$", "") + "/glue/mrpc/templates.yaml")) {
                    assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                            .isEqualTo("é");
                }
                assertThat(storage.inputFile(root.replaceAll("/$", "") + "/a.txt")
                                .getLength())
                        .isEqualTo(1);
            }
            assertThatThrownBy(() -> storage.filesBelow(directory + "/none"))
                    .hasMessage(directory + "/none: no such file or directory");
        }
    }

    @Test
    void theUriTellsTheStorage() {
        assertThat(Storage.of("conf/templates")).isInstanceOf(LocalStorage.class);
        assertThat(Storage.of("file:/tmp/x")).isInstanceOf(LocalStorage.class);
        assertThat(Storage.of("classpath:conf/templates")).isInstanceOf(ClasspathStorage.class);
        assertThat(Storage.of("hdfs://host/x")).isInstanceOf(HadoopStorage.class);
        assertThat(Storage.of("s3a://bucket/x")).isInstanceOf(HadoopStorage.class);
    }

    @Test
    void theClasspathListsWhatIsBelow() throws Exception {
        assertThat(new ClasspathStorage().filesBelow("classpath:conf/templates"))
                .contains("reviews/templates.yaml", "entities/templates.yaml");
        assertThatThrownBy(() -> new ClasspathStorage().filesBelow("classpath:conf/none"))
                .hasMessage("classpath:conf/none: no such resource in this jar");
    }
}
