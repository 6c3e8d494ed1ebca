package dev.sparktune.jobs;

import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.jobs.tracking.RunMetrics;
import dev.sparktune.jobs.tracking.Tracking;
import dev.sparktune.jobs.train.AdapterPlan;
import dev.sparktune.jobs.train.BaseModel;
import dev.sparktune.jobs.train.DryRun;
import dev.sparktune.jobs.train.LiveGauges;
import dev.sparktune.jobs.train.ModelCard;
import dev.sparktune.jobs.train.ModelDirectory;
import dev.sparktune.jobs.train.PromptCompletionData;
import dev.sparktune.jobs.train.TokenSizes;
import dev.sparktune.jobs.train.Tokenization;
import dev.sparktune.jobs.train.TokenizedSplits;
import dev.sparktune.jobs.train.TrainingPlan;
import dev.sparktune.jobs.train.TrainingRun;
import dev.sparktune.model.hf.ModelInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Tunes a model on prompt–completion data: OUTPUT/data → OUTPUT/model, a Hugging Face directory. */
public final class FinetuneJob {
    private static final String BASE = "model.base";
    private static final String ADAPTER = "adapter";

    private static final Job JOB = new Job(
            "finetune",
            "Tunes a model on prompts and completions: OUTPUT/data to OUTPUT/model, a Hugging Face directory, and with train.method lora to OUTPUT/adapter.",
            Set.of("output", "data", "model", "train", "lora", "privacy.examples", "tracking"),
            true,
            true,
            settings -> settings.output() + "/model",
            FinetuneJob::inputs,
            ADAPTER,
            Job.FurtherIdentity.NONE,
            FinetuneJob::check);

    private FinetuneJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, FinetuneJob::run, FinetuneJob::rehearse);
    }

    static List<String> inputs(Settings settings) {
        List<String> inputs = new ArrayList<>(dataUris(settings));
        inputs.add(settings.model().base());
        if (settings.lora().init() != null) {
            inputs.add(settings.lora().init());
        }
        return inputs;
    }

    private static List<String> dataUris(Settings settings) {
        return sources(settings).stream().map(TaskSource::data).distinct().toList();
    }

    private static List<TaskSource> sources(Settings settings) {
        return TaskSource.of(settings.train().tasks(), settings.dataUri());
    }

    static void check(Settings settings) {
        if (settings.model().base() == null) {
            throw new SettingsException("model.base: is required; the Hugging Face directory that tuning starts from");
        }
        TaskSource.check("train.tasks", settings.train().tasks());
        TrainingPlan.check(settings.train());
        settings.model().check(settings.train().method());
        AdapterPlan.check(settings);
        settings.tracking().check();
    }

    private static JobResult run(JobContext job) throws Exception {
        Settings settings = job.settings();
        requireOtherInit(job);
        TrainingRun.check(job);
        ModelInfo base = job.stage("check the base model", () -> checkBase(job));
        AdapterPlan adapter = AdapterPlan.of(settings, base, job.locations());
        Path tokens = new Path(job.output(), "tokens");
        TokenizedSplits tokenized = job.stage("tokenize", () -> tokenize(job, base, tokens));
        TrainingRun run = new TrainingRun(job, BASE, settings.model().base(), adapter, null);
        Map<String, Object> parameters = Map.of(
                "data",
                settings.dataUri(),
                "model",
                settings.model(),
                "train",
                settings.train(),
                "lora",
                settings.lora());
        try (Tracking tracking = Tracking.of(job, "", parameters)) {
            TrainingRun.Outcome outcome = job.stage(
                    "train",
                    () -> run.run(tokenized.train(), tokenized.validation(), LiveGauges.and(job.spark(), tracking)));
            Map<String, Object> metrics = run.metrics(outcome);
            ModelCard card = card(job, base, tokenized, metrics);
            ModelDirectory.describe(job, card.markdown(), outcome);
            ModelDirectory.describeAdapter(job, card.adapterMarkdown());
            tracking.finish(RunMetrics.numbers("final", metrics), TrainingRun.REPORTS);
            job.outputFileSystem().delete(tokens, true);
            return new JobResult(tokenized.counts(), metrics, run.summary(outcome));
        }
    }

    /** What a run starts from must still be there when it goes on. */
    private static void requireOtherInit(JobContext job) throws IOException {
        String init = job.settings().lora().init();
        String own = job.settings().output() + "/" + ADAPTER;
        if (init != null && job.locations().path(init).equals(job.locations().path(own))) {
            throw new SettingsException(
                    "lora.init is " + Redaction.text(init)
                            + ", which this run would replace: give another output, or move that adapter and name its new place");
        }
    }

    private static void rehearse(JobContext job) throws Exception {
        requireOtherInit(job);
        TrainSettings settings = job.settings().train();
        ModelInfo base = checkBase(job);
        AdapterPlan adapter = AdapterPlan.of(job.settings(), base, job.locations());
        DryRun dryRun = new DryRun(job, BASE, job.settings().model().base(), adapter);
        PromptCompletionData data = new PromptCompletionData(job.spark(), job.locations(), sources(job.settings()));
        Tokenization tokenization = tokenization(base, settings);
        TokenSizes train = tokenization.measure(data.train(), settings.maxTrainSamples(), dryRun.measuredExamples());
        Dataset<Row> rows = data.validation().orElse(null);
        TokenSizes validation =
                rows == null ? TokenSizes.NONE : tokenization.measure(rows, settings.maxEvalSamples(), 0);
        tokenization.tell(job.name(), "training", train.counts());
        tokenization.tell(job.name(), "validation", validation.counts());
        dryRun.print(base, train, validation);
    }

    private static Tokenization tokenization(ModelInfo base, TrainSettings settings) throws IOException {
        return new Tokenization(
                Files.readAllBytes(base.tokenizerJson()), base.eosTokenIds().get(0), settings);
    }

    static ModelInfo checkBase(JobContext job) throws IOException {
        ModelInfo base =
                ModelLoader.check(job.locations(), BASE, job.settings().model().base());
        int positions = base.decoderConfig().maxPositionEmbeddings();
        if (job.settings().train().maxLength() > positions) {
            throw new JobFailure("train.max_length must be at most " + positions
                    + ", the base model's max_position_embeddings, but is "
                    + job.settings().train().maxLength());
        }
        if (base.eosTokenIds().isEmpty()) {
            throw new JobFailure(BASE + ": " + base.directory()
                    + " names no eos_token_id in generation_config.json or config.json; completions could not end");
        }
        List<String> dropouts = base.unappliedDropouts();
        if (!dropouts.isEmpty()) {
            System.err.println(job.name() + ": warning: the base's config.json has " + String.join(", ", dropouts)
                    + ", which transformers applies in training and sparktune does not");
        }
        return base;
    }

    static TokenizedSplits tokenize(JobContext job, ModelInfo base, Path directory) throws IOException {
        TrainSettings settings = job.settings().train();
        PromptCompletionData data = new PromptCompletionData(job.spark(), job.locations(), sources(job.settings()));
        Tokenization tokenization = tokenization(base, settings);
        FileSystem fs = job.outputFileSystem();
        Tokenization.Shards train =
                tokenization.run(data.train(), settings.maxTrainSamples(), fs, new Path(directory, "train"));
        Dataset<Row> rows = data.validation().orElse(null);
        Tokenization.Shards validation = rows == null
                ? Tokenization.Shards.NONE
                : tokenization.run(rows, settings.maxEvalSamples(), fs, new Path(directory, "validation"));
        tokenization.tell(job.name(), "training", train.counts());
        tokenization.tell(job.name(), "validation", validation.counts());
        return new TokenizedSplits(train, validation);
    }

    private static String trained(Settings settings) {
        return settings.train().method().equals("full") ? "all weights tuned" : "tuned with LoRA";
    }

    private static ModelCard card(JobContext job, ModelInfo base, TokenizedSplits tokens, Map<String, Object> metrics)
            throws IOException {
        Settings settings = job.settings();
        String baseName = Redaction.text(settings.model().base().replaceAll("/+$", ""));
        baseName = baseName.substring(baseName.lastIndexOf('/') + 1);
        TrainSettings train = settings.train();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("data", Redaction.text(String.join(", ", dataUris(settings))));
        data.put(
                "tasks",
                train.tasks().isEmpty()
                        ? "all"
                        : sources(settings).stream().map(TaskSource::name).collect(Collectors.joining(", ")));
        data.putAll(ModelCard.notZero(tokens.counts()));
        return new ModelCard(
                baseName + ", tuned",
                baseName,
                BaseModel.licence(base),
                "`" + baseName + "`, " + trained(settings)
                        + " by sparktune on prompt–completion pairs; loss on completions and"
                        + " their end-of-sequence token only.",
                data,
                ModelCard.training(train),
                metrics,
                List.of(
                        "It was tuned for the tasks above and may have forgotten others; the report of sparktune's"
                                + " evaluate job compares it with its base.",
                        "Whatever the base model and the data got wrong or treated unfairly, it may repeat.",
                        "The licence is the base model's; the data may ask for more."));
    }
}
