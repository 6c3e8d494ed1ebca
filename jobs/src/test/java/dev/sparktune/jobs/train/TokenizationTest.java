package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.token.ByteLevelTokenizer;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizationTest {
    private static final StructType SCHEMA =
            new StructType().add("prompt", DataTypes.StringType).add("completion", DataTypes.StringType);

    @TempDir
    Path root;

    @Test
    void everyRowIsAnExampleOrCounted() throws IOException {
        Dataset<Row> rows = rows(List.of(
                RowFactory.create("ac", " d"),
                RowFactory.create("a very long prompt", " that is cut nowhere"),
                RowFactory.create(null, " d"),
                RowFactory.create("e", null)));

        Tokenization.Shards shards = tokenization("{max_length: 8}").run(rows, null, fs(), directory("a"));

        assertThat(shards.counts()).isEqualTo(new TokenCounts(4, 1, 6, 0, 0, 1, 0, 2, 40));
        assertThat(read(shards))
                .containsExactly(new TokenizedExample(
                        new int[] {ByteLevelTokenizer.BOS, 'a', 'c', ' ', 'd', ByteLevelTokenizer.EOS}, 3));
    }

    @Test
    void theOrderDependsOnTheSeedAndNotOnThePartitions() throws IOException {
        List<Row> list = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            list.add(RowFactory.create("question " + i, " answer " + i));
        }
        Dataset<Row> rows = rows(list);

        List<TokenizedExample> once =
                read(tokenization("{seed: 1}").run(rows.repartition(1), null, fs(), directory("a")));
        List<TokenizedExample> again =
                read(tokenization("{seed: 1}").run(rows.repartition(7), null, fs(), directory("b")));
        List<TokenizedExample> other = read(tokenization("{seed: 2}").run(rows, null, fs(), directory("c")));
        List<TokenizedExample> sample = read(tokenization("{seed: 1}").run(rows, 20, fs(), directory("d")));

        assertThat(again).isEqualTo(once);
        assertThat(other).isNotEqualTo(once).hasSameElementsAs(once);
        assertThat(sample).isEqualTo(once.subList(0, 20));
    }

    @Test
    void aLongExampleFailsTheJobWhereThatIsWanted() {
        Dataset<Row> rows = rows(List.of(RowFactory.create("abc", " defg"), RowFactory.create("a", " b")));

        assertThatThrownBy(() -> tokenization("{max_length: 6, on_long: error}").run(rows, null, fs(), directory("a")))
                .hasMessage("1 of 2 examples have more tokens than train.max_length (6), the longest 9; raise it, cut"
                        + " their prompts with train.on_long=truncate_prompt, or leave them out with"
                        + " train.on_long=skip");
    }

    @Test
    void aLongPromptLosesItsBeginningAndNoCompletionLosesAnything() throws IOException {
        Dataset<Row> rows = rows(List.of(
                RowFactory.create("what is asked", " d"), // 1 + 13 + 2 + 1 tokens
                RowFactory.create("c", " not to be cut"),
                RowFactory.create("e", " f")));

        Tokenization tokenization = tokenization("{max_length: 8, on_long: truncate_prompt}");
        Tokenization.Shards shards = tokenization.run(rows, null, fs(), directory("a"));

        assertThat(shards.counts()).isEqualTo(new TokenCounts(3, 2, 8 + 5, 0, 1, 1, 0, 0, 17));
        assertThat(read(shards))
                .containsExactlyInAnyOrder(
                        new TokenizedExample(
                                new int[] {ByteLevelTokenizer.BOS, 's', 'k', 'e', 'd', ' ', 'd', ByteLevelTokenizer.EOS
                                },
                                5),
                        new TokenizedExample(
                                new int[] {ByteLevelTokenizer.BOS, 'e', ' ', 'f', ByteLevelTokenizer.EOS}, 2));
        assertThat(shards.counts().remarks("training", 8, "truncate_prompt"))
                .containsExactly(
                        "1 of 3 training examples left out: even without their prompt longer than train.max_length (8),"
                                + " the longest row has 17 tokens",
                        "1 of 3 training examples lost the beginning of their prompt to train.max_length (8)");
    }

    /** Without a token that begins every sequence, the end of an empty text is its first token, which nothing predicts. */
    @Test
    void anExampleWithoutATargetIsLeftOutAndCounted() throws IOException {
        Dataset<Row> rows = rows(List.of(RowFactory.create("", ""), RowFactory.create("e", " f")));
        Tokenization usual = tokenization("{}");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(usual.tokenizerJson());
        byte[] withoutTemplate = json.putNull("post_processor").toString().getBytes(StandardCharsets.UTF_8);

        TokenCounts counts = new Tokenization(withoutTemplate, ByteLevelTokenizer.EOS, usual.settings())
                .run(rows, null, fs(), directory("a"))
                .counts();

        assertThat(counts).isEqualTo(new TokenCounts(2, 1, 4, 0, 0, 0, 1, 0, 4));
        assertThat(counts.remarks("training", 512, "skip"))
                .containsExactly("1 of 2 training examples left out: they have no completion token to learn");
    }

    @Test
    void finishedShardsAreTakenAsTheyAre() throws IOException {
        Dataset<Row> rows = rows(List.of(RowFactory.create("a", " b")));
        Tokenization.Shards first = tokenization("{}").run(rows, null, fs(), directory("a"));
        Tokenization.Shards second = tokenization("{}").run(rows(List.of()), null, fs(), directory("a"));

        assertThat(second).isEqualTo(first);
    }

    private static Dataset<Row> rows(List<Row> rows) {
        return LocalSpark.session().createDataFrame(rows, SCHEMA);
    }

    private Tokenization tokenization(String train) throws IOException {
        Path tokenizerJson = ByteLevelTokenizer.write(Files.createDirectories(root.resolve("tokenizer")));
        TrainSettings settings = Settings.read("test", "output: /x\ntrain: " + train, List.of(), Set.of("train"))
                .train();
        return new Tokenization(Files.readAllBytes(tokenizerJson), ByteLevelTokenizer.EOS, settings);
    }

    private org.apache.hadoop.fs.Path directory(String name) {
        return new org.apache.hadoop.fs.Path(root.resolve(name).toUri());
    }

    private static FileSystem fs() throws IOException {
        return FileSystem.getLocal(new Configuration());
    }

    private static List<TokenizedExample> read(Tokenization.Shards shards) throws IOException {
        List<TokenizedExample> examples = new ArrayList<>();
        try (TokenShards open = TokenShards.open(fs(), shards.files())) {
            for (long i = 0; i < open.size(); i++) {
                examples.add(open.get(i));
            }
        }
        return examples;
    }
}
