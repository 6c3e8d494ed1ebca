package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;

/** Jobs whose base is held in bfloat16. */
class Bfloat16JobsIT {
    @TempDir
    private Path root;

    @BeforeEach
    void data() {
        StructType pair = new StructType().add("prompt", DataTypes.StringType).add("completion", DataTypes.StringType);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            rows.add(RowFactory.create("Review " + i + ": " + "good ".repeat(1 + i % 7) + "\nStars:", " 5"));
        }
        LocalSpark.session()
                .createDataFrame(rows, pair)
                .write()
                .parquet(root.resolve("data/prompt_completion/train").toString());
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
    }

    @AfterEach
    void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    private String[] arguments(String yaml) throws Exception {
        Path config = Files.writeString(root.resolve("job.yaml"), yaml.formatted(root));
        return new String[] {"--config", config.toString(), "--overwrite"};
    }

    @Test
    void anAdapterIsTrainedOnItMergedAndPutOnItAgain() throws Exception {
        FinetuneJob.main(arguments("""
                output: %1$s/output
                data: %1$s/data
                model: {base: "classpath:conf/tiny-base", dtype: bfloat16}
                train: {method: lora, max_length: 64, global_batch_size: 8, max_steps: 8, learning_rate: 0.01}
                """));
        List<String> adapted = completions("""
                output: %1$s/adapted
                generate: {input: [%1$s/data/prompt_completion/train], prompt_column: prompt, max_new_tokens: 6, dtype: bfloat16,
                    model: "classpath:conf/tiny-base", adapter: %1$s/output/adapter}
                """, "adapted");
        List<String> merged = completions("""
                output: %1$s/output
                generate: {input: [%1$s/data/prompt_completion/train], prompt_column: prompt, max_new_tokens: 6}
                """, "output");
        assertThat(adapted).hasSize(16).isEqualTo(merged);
        try (Decoder model =
                HfModel.load(root.resolve("output/model"), DataType.FLOAT).decoder()) {
            assertThat(model.parameters().castTo(DataType.BFLOAT16).castTo(DataType.FLOAT))
                    .as("merged in float32")
                    .isNotEqualTo(model.parameters());
        }
    }

    private List<String> completions(String yaml, String output) throws Exception {
        GenerateJob.main(arguments(yaml));
        return LocalSpark.session()
                .read()
                .parquet(root.resolve(output + "/generate/completions").toString())
                .orderBy("id")
                .select("completion")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
