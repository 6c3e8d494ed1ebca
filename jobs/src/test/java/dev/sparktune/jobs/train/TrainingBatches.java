package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.token.EpochOrder;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.TrainOptions;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.SparkSession;

/**
 * Prints the batches that finetune takes in a run of these settings, in their order, a line an update:
 * {@code {"step": 1, "examples": [{"ids": [3, 7, 9], "prompt_length": 2}, …]}}. Run by {@code scripts/compare/trl}, with the settings'
 * file and {@code key=value} each as arguments.
 */
public final class TrainingBatches {
    private TrainingBatches() {}

    public static void main(String[] args) throws Exception {
        List<String> sets = Arrays.asList(args).subList(1, args.length);
        Settings settings = Settings.read(
                args[0], Files.readString(Path.of(args[0])), sets, Set.of("output", "data", "model", "train"));
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.log.level", "WARN")
                .getOrCreate()) {
            Locations locations = new Locations(spark.sparkContext().hadoopConfiguration());
            print(settings, spark, locations, System.out);
        }
    }

    private static void print(Settings settings, SparkSession spark, Locations locations, PrintStream out)
            throws Exception {
        ModelInfo base =
                ModelLoader.check(locations, "model.base", settings.model().base());
        Tokenization tokenization = new Tokenization(
                Files.readAllBytes(base.tokenizerJson()), base.eosTokenIds().get(0), settings.train());
        PromptCompletionData data = new PromptCompletionData(
                spark, locations, TaskSource.of(settings.train().tasks(), settings.dataUri()));
        Path directory = Files.createTempDirectory("batches");
        FileSystem fs = FileSystem.getLocal(spark.sparkContext().hadoopConfiguration());
        var tokens = new org.apache.hadoop.fs.Path(directory.toUri());
        Tokenization.Shards shards =
                tokenization.run(data.train(), settings.train().maxTrainSamples(), fs, tokens);
        try (TokenShards examples = TokenShards.open(fs, shards.files())) {
            TrainOptions options = TrainingPlan.options(settings.train(), examples.size(), 1);
            EpochOrder order = new EpochOrder(options.seed(), examples.size());
            long total = options.totalExamples(examples.size());
            for (long from = 0; from < total; from += options.globalBatchSize()) {
                List<String> batch = new ArrayList<>();
                for (long i = from; i < Math.min(total, from + options.globalBatchSize()); i++) {
                    TokenizedExample example = examples.get(order.at(i / examples.size(), i % examples.size()));
                    batch.add("{\"ids\": " + Arrays.toString(example.ids()) + ", \"prompt_length\": "
                            + example.promptLength() + "}");
                }
                out.println("{\"step\": " + (from / options.globalBatchSize() + 1) + ", \"examples\": " + batch + "}");
            }
        } finally {
            fs.delete(tokens, true);
        }
    }
}
