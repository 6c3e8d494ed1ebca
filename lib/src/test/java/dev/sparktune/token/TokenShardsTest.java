package dev.sparktune.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenShardsTest {
    private static FileSystem fs;

    @TempDir
    private java.nio.file.Path directory;

    @BeforeAll
    static void fileSystem() throws IOException {
        fs = FileSystem.getLocal(new Configuration());
    }

    @Test
    void examplesComeBackFromSeveralFilesInOrder() {
        List<TokenizedExample> examples = examples(1, 5000);
        List<Path> files = List.of(
                write("a", examples.subList(0, 2500)),
                write("b", List.of()),
                write("c", examples.subList(2500, 2501)),
                write("d", examples.subList(2501, 5000)));

        try (TokenShards shards = TokenShards.open(fs, files)) {
            assertThat(shards.size()).isEqualTo(5000);
            assertThat(shards.tokens())
                    .isEqualTo(examples.stream().mapToLong(e -> e.ids().length).sum());
            for (int i = 0; i < 5000; i++) {
                assertThat(shards.get(i)).isEqualTo(examples.get(i));
                assertThat(shards.length(i)).isEqualTo(examples.get(i).ids().length);
            }
        }
    }

    @Test
    void manyThreadsReadTheSameShards() {
        List<TokenizedExample> examples = examples(2, 3000);

        try (TokenShards shards = TokenShards.open(fs, List.of(write("a", examples)))) {
            assertThat(LongStream.range(0, 30_000)
                            .parallel()
                            .map(i -> i * 7919 % 3000)
                            .allMatch(i -> shards.get(i).equals(examples.get((int) i))))
                    .isTrue();
        }
    }

    @Test
    void noExampleIsASizeToo() {
        try (TokenShards shards = TokenShards.open(fs, List.of(write("a", List.of())))) {
            assertThat(shards.size()).isZero();
            assertThatThrownBy(() -> shards.get(0)).hasMessage("example 0 of 0");
        }
        try (TokenShards shards = TokenShards.open(fs, List.of())) {
            assertThat(shards.size()).isZero();
        }
    }

    @Test
    void aShardIsNotOverwrittenAndLeavesNoSideFiles() throws IOException {
        Path file = write("a", examples(3, 1));

        assertThatThrownBy(() -> new TokenShardWriter(fs, file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write the token shard " + file + ":");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void everyCutAndEveryFlippedByteIsNoticedAndTheFileNamed() throws IOException {
        List<TokenizedExample> examples = examples(4, 12);
        java.nio.file.Path good = java.nio.file.Path.of(write("good", examples).toUri());
        byte[] bytes = Files.readAllBytes(good);
        java.nio.file.Path bad = directory.resolve("bad.tok");

        for (int length = 0; length < bytes.length; length += 1 + length / 100) {
            Files.write(bad, Arrays.copyOf(bytes, length));
            assertBroken(bad, examples.size());
        }
        Random random = new Random(5);
        for (int i = 0; i < bytes.length; i++) {
            if (i >= 12 && i < 16) {
                continue; // the header's spare bytes
            }
            byte[] altered = bytes.clone();
            altered[i] ^= (byte) (1 << random.nextInt(8));
            Files.write(bad, altered);
            assertBroken(bad, examples.size());
        }
    }

    @Test
    void theErrorSaysWhatIsWrong() throws IOException {
        java.nio.file.Path file =
                java.nio.file.Path.of(write("a", examples(6, 9)).toUri());
        byte[] bytes = Files.readAllBytes(file);

        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        assertThatThrownBy(() -> open(file))
                .hasMessage("the token shard file:" + file + " was cut short or never finished: its end is missing");
        Files.write(file, new byte[7]);
        assertThatThrownBy(() -> open(file))
                .hasMessage("the token shard file:" + file + " has 7 bytes, less than an empty shard");
        bytes[8] = 9;
        Files.write(file, bytes);
        assertThatThrownBy(() -> open(file))
                .hasMessage("the token shard file:" + file + " has format version 9; this program reads 1");
        assertThatThrownBy(() -> open(directory.resolve("none")))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(directory.resolve("none").toString());
    }

    private static void assertBroken(java.nio.file.Path file, int examples) {
        assertThatThrownBy(() -> {
                    try (TokenShards shards = open(file)) {
                        for (long i = 0; i < examples; i++) {
                            shards.get(i);
                        }
                    }
                })
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("the token shard file:" + file + " ");
    }

    private static TokenShards open(java.nio.file.Path file) {
        return TokenShards.open(fs, List.of(new Path(file.toUri())));
    }

    private Path write(String name, List<TokenizedExample> examples) {
        Path file = new Path(directory.resolve(name + ".tok").toUri());
        try (TokenShardWriter writer = new TokenShardWriter(fs, file)) {
            examples.forEach(writer::add);
        }
        return file;
    }

    private static List<TokenizedExample> examples(long seed, int count) {
        Random random = new Random(seed);
        List<TokenizedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] ids = random.ints(random.nextInt(20)).toArray();
            examples.add(new TokenizedExample(ids, random.nextInt(ids.length + 1)));
        }
        return examples;
    }
}
