package dev.sparktune.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sparktune.jobs.prepare.SourceTable;
import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.TemporaryDirectories;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.PretrainSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.jobs.tracking.RunMetrics;
import dev.sparktune.jobs.tracking.Tracking;
import dev.sparktune.jobs.train.LiveGauges;
import dev.sparktune.jobs.train.ModelCard;
import dev.sparktune.jobs.train.ModelDirectory;
import dev.sparktune.jobs.train.NewModel;
import dev.sparktune.jobs.train.PromptCompletionData;
import dev.sparktune.jobs.train.Tokenization;
import dev.sparktune.jobs.train.TokenizedSplits;
import dev.sparktune.jobs.train.TrainingPlan;
import dev.sparktune.jobs.train.TrainingRun;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.SaveDtype;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.nd4j.linalg.api.buffer.DataType;

/** Trains a small model from random weights on plain text: input.path → OUTPUT/model, a Hugging Face directory. */
public final class PretrainJob {
    private static final Job JOB = new Job(
            "pretrain",
            "Trains a small model from random weights on a column of plain text, to OUTPUT/model.",
            Set.of("output", "input", "model", "pretrain", "train", "privacy.examples", "tracking"),
            true,
            true,
            settings -> settings.output() + "/model",
            settings -> {
                List<String> inputs = new ArrayList<>(settings.input().path());
                inputs.add(settings.pretrain().tokenizer());
                return inputs;
            },
            null,
            (settings, spark) -> SourceTable.fingerprint(settings.input(), spark),
            PretrainJob::check);

    /** How much of a validation text the samples show the model, in tokens. */
    private static final int SAMPLE_PROMPT_TOKENS = 12;

    private PretrainJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, PretrainJob::run);
    }

    private static void check(Settings settings) {
        SourceTable.check(settings.input());
        TrainingPlan.check(settings.train());
        settings.model().check("full");
        settings.tracking().check();
        PretrainSettings shape = settings.pretrain();
        try {
            NewModel.shape(shape, 1);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("pretrain." + e.getMessage());
        }
        if (settings.train().maxLength() > shape.maxPositionEmbeddings()) {
            throw new SettingsException("train.max_length must be at most pretrain.max_position_embeddings ("
                    + shape.maxPositionEmbeddings() + "), but is "
                    + settings.train().maxLength());
        }
    }

    private static JobResult run(JobContext job) throws Exception {
        Settings settings = job.settings();
        TrainingRun.check(job);
        java.nio.file.Path tokenizerFiles =
                job.locations().localDirectoryWithoutWeights(settings.pretrain().tokenizer());
        NewModel.checkTokenizer(tokenizerFiles);
        Path start = new Path(job.output(), "start");
        Path tokens = new Path(job.output(), "tokens");
        NewModel model = job.stage("draw the weights", () -> drawWeights(job, start, tokenizerFiles));
        TokenizedSplits splits = job.stage("tokenize", () -> tokenize(job, model, tokens));
        TrainingRun run = new TrainingRun(job, "pretrain", start.toString(), null, SAMPLE_PROMPT_TOKENS);
        Map<String, Object> parameters =
                Map.of("input", settings.input().source(), "pretrain", settings.pretrain(), "train", settings.train());
        try (Tracking tracking = Tracking.of(job, "", parameters)) {
            TrainingRun.Outcome outcome = job.stage(
                    "train", () -> run.run(splits.train(), splits.validation(), LiveGauges.and(job.spark(), tracking)));
            Map<String, Long> counts = splits.counts();
            Map<String, Object> metrics = run.metrics(outcome);
            ModelDirectory.describe(job, card(settings, counts, metrics).markdown(), outcome);
            tracking.finish(RunMetrics.numbers("final", metrics), TrainingRun.REPORTS);
            for (Path needless : List.of(start, tokens)) {
                job.outputFileSystem().delete(needless, true);
            }
            return new JobResult(counts, metrics, run.summary(outcome));
        }
    }

    /** Writes the model that training starts from, whole, so that every worker starts from the same. */
    private static NewModel drawWeights(JobContext job, Path start, java.nio.file.Path tokenizerFiles)
            throws IOException {
        PretrainSettings shape = job.settings().pretrain();
        int vocabSize;
        try (Tokenizer tokenizer = Tokenizer.load(tokenizerFiles.resolve("tokenizer.json"))) {
            vocabSize = tokenizer.vocabSize();
        }
        NewModel model = NewModel.write(TemporaryDirectories.make(), tokenizerFiles, vocabSize, shape);
        try (Decoder decoder = Decoder.create(model.config(), DataType.FLOAT)) {
            decoder.initialize(job.settings().train().seed(), shape.initializerRange());
            ModelDirectory.writeModel(job.outputFileSystem(), start, decoder, model.directory(), SaveDtype.FLOAT32);
        }
        return model;
    }

    /** Equal texts lie on the same side. */
    private static TokenizedSplits tokenize(JobContext job, NewModel model, Path directory) throws IOException {
        Settings settings = job.settings();
        TrainSettings train = settings.train();
        Tokenization tokenization = new Tokenization(
                Files.readAllBytes(model.directory().resolve("tokenizer.json")), model.eosTokenId(), train);
        Dataset<Row> texts = texts(job);
        var percentile = pmod(xxhash64(lit(train.seed()), lit("validation"), col(Tokenization.COMPLETION)), lit(100));
        int validationPercent = settings.pretrain().validationSplitPercentage();
        FileSystem fs = job.outputFileSystem();
        Tokenization.Shards training = tokenization.run(
                texts.where(percentile.geq(validationPercent)),
                train.maxTrainSamples(),
                fs,
                new Path(directory, "train"));
        Tokenization.Shards validation = tokenization.run(
                texts.where(percentile.lt(validationPercent)),
                train.maxEvalSamples(),
                fs,
                new Path(directory, "validation"));
        tokenization.tell(job.name(), "training", training.counts());
        tokenization.tell(job.name(), "validation", validation.counts());
        return new TokenizedSplits(training, validation);
    }

    /** The texts, each as the completion of an empty prompt. */
    private static Dataset<Row> texts(JobContext job) {
        InputSettings input = job.settings().input();
        Dataset<Row> rows = SourceTable.open(job.spark(), input).rows();
        String column = job.settings().pretrain().textColumn();
        PromptCompletionData.requireText(
                rows.schema(), column, input.table() != null ? input.table() : String.join(", ", input.path()));
        return rows.select(
                lit("").as(Tokenization.PROMPT), col("`" + column + "`").as(Tokenization.COMPLETION));
    }

    private static ModelCard card(Settings settings, Map<String, Long> counts, Map<String, Object> metrics) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("data", settings.input().source());
        data.put("licence of the data", settings.input().license());
        data.putAll(ModelCard.notZero(counts));
        return new ModelCard(
                "A small base model",
                null,
                settings.input().license(),
                "A decoder in the Llama form, trained by sparktune from random weights on plain text. It continues text; it"
                        + " was not tuned to follow instructions.",
                data,
                ModelCard.training(settings.train()),
                metrics,
                List.of(
                        "It knows nothing beyond the texts it was trained on, and writes what looks like them, true or not.",
                        "It is meant as a start for tuning and for trying things out, not for use by people."));
    }
}
