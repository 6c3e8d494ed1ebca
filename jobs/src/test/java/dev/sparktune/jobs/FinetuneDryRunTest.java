package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.testing.LocalSpark;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FinetuneDryRunTest {
    @TempDir
    private static Path root;

    @BeforeAll
    static void data() {
        StructType pair = new StructType().add("prompt", DataTypes.StringType).add("completion", DataTypes.StringType);
        for (String split : List.of("train", "validation")) {
            List<org.apache.spark.sql.Row> rows = new ArrayList<>();
            for (int i = 0; i < (split.equals("train") ? 50 : 10); i++) {
                rows.add(RowFactory.create("Review " + i + ": " + "good ".repeat(1 + i % 7) + "\nStars:", " 5"));
            }
            LocalSpark.session()
                    .createDataFrame(rows, pair)
                    .write()
                    .parquet(root.resolve("data/prompt_completion/" + split).toString());
        }
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
    }

    @AfterAll
    static void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
    }

    private static String dryRun(String... sets) throws Exception {
        Path config = Files.writeString(root.resolve("finetune.yaml"), """
                output: %1$s/output
                data: %1$s/data
                model: {base: "classpath:conf/tiny-base"}
                train: {max_length: 64, global_batch_size: 8, micro_batch_size: 4, num_train_epochs: 2}
                """.formatted(root));
        List<String> arguments = new ArrayList<>(List.of("--config", config.toString(), "--dry-run"));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            FinetuneJob.main(arguments.toArray(String[]::new));
        } finally {
            System.setOut(out);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itSaysWhatTheRunWillTakeAndWritesNothing() throws Exception {
        String printed = dryRun();

        assertThat(printed)
                .contains("would write " + root + "/output/model")
                .containsPattern("(?m)^parameters +574,336, of which 574,336 are trained \\(100\\.00 %\\)$")
                .containsPattern("(?m)^updates +13$") // 2 × 50 examples by 8
                .containsPattern("(?m)^tokens +[\\d,]+, repeats included$")
                .containsPattern("(?m)^evaluations +2 of \\d+ tokens$")
                .containsPattern("(?m)^expected time +.+, by 3 measured updates: [\\d,]+ tokens a second$");
        assertThat(mebibytes(printed, "weights")).isEqualTo(mebibytes(printed, "gradients"));
        assertThat(mebibytes(printed, "updater state")).isEqualTo(4.4);
        assertThat(root.resolve("output")).doesNotExist();
    }

    @Test
    void aSingleExampleIsMeasuredOverAndOver() throws Exception {
        assertThat(dryRun("train.max_train_samples=1", "train.workers=1"))
                .containsPattern("(?m)^expected time +.+, by 3 measured updates: [\\d,]+ tokens a second$")
                .doesNotContain("NaN");
    }

    @Test
    void gradientCheckpointingTakesLessMemory() throws Exception {
        assertThat(mebibytes(dryRun("train.gradient_checkpointing=true"), "activations"))
                .isLessThan(0.8 * mebibytes(dryRun("train.gradient_checkpointing=false"), "activations"));
    }

    @Test
    void anAdapterTakesLessMemory() throws Exception {
        String printed = dryRun("train.method=lora", "lora.r=2", "lora.target_modules=[q_proj]");

        assertThat(printed)
                .containsPattern("(?m)^parameters +[\\d,]+, of which [\\d,]+ are trained \\(0\\.[1-9]\\d %\\)$")
                .containsPattern("(?m)^expected time +.+, by 3 measured updates");
        assertThat(mebibytes(printed, "gradients")).isLessThan(0.01 * mebibytes(printed, "weights"));
        assertThat(mebibytes(printed, "updater state")).isLessThan(0.02 * mebibytes(printed, "weights"));
        assertThat(root.resolve("output")).doesNotExist();
    }

    @Test
    void aBaseInBfloat16TakesHalfTheMemoryAndServesAnAdapterOnly() throws Exception {
        String printed =
                dryRun("train.method=lora", "lora.r=2", "lora.target_modules=[q_proj]", "model.dtype=bfloat16");

        // 574,336 parameters of two bytes; the largest matrix, widened: the embedding.
        assertThat(mebibytes(printed, "weights")).isBetween(1.1, 1.8);
        assertThat(printed).containsPattern("(?m)^expected time +.+, by 3 measured updates");
        assertThatThrownBy(() -> dryRun("model.dtype=bfloat16"))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(2));
    }

    @Test
    void whatTheRunItselfWouldRefuseIsRefused() {
        assertThatThrownBy(() -> dryRun("data=" + root + "/not-there"))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(1));
        assertThatThrownBy(() -> dryRun("train.on_long=error", "train.max_length=16"))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(1));
    }

    private static double mebibytes(String printed, String what) {
        Matcher line = Pattern.compile("(?m)^" + what + " +([\\d.]+) MiB").matcher(printed);
        assertThat(line.find()).as("'%s' in%n%s", what, printed).isTrue();
        return Double.parseDouble(line.group(1));
    }
}
