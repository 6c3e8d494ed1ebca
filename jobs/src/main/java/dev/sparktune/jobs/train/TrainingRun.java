package dev.sparktune.jobs.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.train.TrainOptions;
import dev.sparktune.train.Trainer;
import dev.sparktune.train.TrainingListener;
import dev.sparktune.train.TrainingLog;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Trains a model over token shards: workers on the executors, each with its replica, log and progress in the driver,
 * checkpoints and the model in the job's output. In local mode the one worker is a task of this JVM.
 *
 * @param modelKey the setting that names the model, for errors
 * @param model directory to start from, which every executor can read
 * @param adapter what is trained beside the model; null: all of its weights are
 * @param samplePromptTokens how many tokens of a validation example the samples show the model; null for its whole prompt
 */
public record TrainingRun(
        JobContext job, String modelKey, String model, AdapterPlan adapter, Integer samplePromptTokens) {
    /** Files in the job's output that tell of a run. */
    public static final List<String> REPORTS = List.of("README.md", "training.jsonl");

    private static final int SECRET_BYTES = 32;

    /** A ninth of nine updates is one. */
    private static final double ROUNDING = 1e-9;

    /**
     * What the run came to.
     *
     * @param result of the trainer
     * @param options that it ran with
     * @param workers that shared the updates
     * @param log lines of training.jsonl, those of earlier processes included
     */
    public record Outcome(Trainer.Result result, TrainOptions options, int workers, List<JsonNode> log) {

        /** The evaluation after the update whose parameters are exported; null without validation. */
        JsonNode evaluationOf(int step) {
            return log.stream()
                    .filter(line -> line.has("eval_loss") && line.get("step").asInt() == step)
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * To be called before anything is computed: finds out whether there are executors for the run, alike and with the output on
     * storage that they share.
     *
     * @throws dev.sparktune.jobs.settings.SettingsException where it cannot be known how many there are to be
     * @throws JobFailure where they do not come in time or cannot work together
     */
    public static void check(JobContext job) throws Exception {
        SparkContext context = job.spark().sparkContext();
        int workers = workers(job);
        if (context.isLocal()) {
            return;
        }
        Agreement agreement = job.stage("check the executors", () -> agreement(job, workers));
        agreement.require();
        if (agreement.warning() != null) {
            System.err.println(job.name() + ": warning: " + agreement.warning());
        }
    }

    private static Agreement agreement(JobContext job, int workers) throws Exception {
        slots(job, workers).await();
        FileSystem fs = job.outputFileSystem();
        String output = job.output().toString();
        String proof = UUID.randomUUID().toString();
        SerializableConfiguration configuration = new SerializableConfiguration(fs.getConf());
        SharedStorage storage = new SharedStorage(fs, job.output(), proof);
        storage.begin();
        List<Agreement> all =
                BarrierStage.run(JavaSparkContext.fromSparkContext(job.spark().sparkContext()), workers, task -> {
                    Path shared = new Path(output);
                    FileSystem there = new Locations(configuration.value()).fileSystem(shared);
                    return Agreement.reach(BarrierTaskContext.get(), new SharedStorage(there, shared, proof), workers);
                });
        storage.end();
        return Agreement.of(all);
    }

    private static int workers(JobContext job) {
        SparkContext context = job.spark().sparkContext();
        return WorkerCount.of(job.settings().train(), context.conf(), context.isLocal());
    }

    private static WorkerSlots slots(JobContext job, int workers) {
        int timeout = job.settings().train().slotsTimeout();
        return new WorkerSlots(job.name(), job.spark().sparkContext(), workers, timeout);
    }

    /**
     * Trains to the end; the job's output then has the model that the settings want exported.
     *
     * @param listener told as it goes, beside the log and the progress
     */
    public Outcome run(Tokenization.Shards train, Tokenization.Shards validation, TrainingListener listener)
            throws Exception {
        return run(train, validation, null, listener);
    }

    /**
     * Trains no further than a share of the updates, and leaves a checkpoint there instead of a model; a later call goes on from it.
     *
     * @param share in (0, 1]
     */
    public Outcome runTo(
            double share, Tokenization.Shards train, Tokenization.Shards validation, TrainingListener listener)
            throws Exception {
        int steps = TrainingPlan.options(job.settings().train(), train.counts().examples(), 1)
                .totalSteps(train.counts().examples());
        return run(train, validation, Math.max(1, (int) Math.ceil(steps * share - ROUNDING)), listener);
    }

    private Outcome run(
            Tokenization.Shards train, Tokenization.Shards validation, Integer lastStep, TrainingListener listener)
            throws Exception {
        if (train.counts().examples() == 0) {
            throw new JobFailure("no example is left to train on: " + train.counts());
        }
        if (job.settings().train().earlyStoppingPatience() != null
                && validation.counts().examples() == 0) {
            throw new JobFailure(
                    "train.early_stopping_patience needs an eval_loss to judge by, but there is no validation"
                            + " example");
        }
        SparkContext context = job.spark().sparkContext();
        int workers = workers(job);
        WorkerPlan plan = plan(train, validation, workers, lastStep);
        FileSystem fs = job.outputFileSystem();
        Path logFile = new Path(job.output(), "training.jsonl");
        SharedStorage storage = new SharedStorage(fs, job.output(), plan.name());
        storage.begin();
        Trainer.Result result;
        try (TrainingLog log = new TrainingLog(fs, logFile);
                TrainingProgress progress = new TrainingProgress(job.name())) {
            result = new Attempts(
                            context, plan, slots(job, workers), TrainingListener.all(List.of(log, progress, listener)))
                    .run(new SerializableConfiguration(fs.getConf()));
        } finally {
            storage.end();
        }
        return new Outcome(result, plan.options(), workers, TrainingLog.read(fs, logFile));
    }

    private WorkerPlan plan(Tokenization.Shards train, Tokenization.Shards validation, int workers, Integer lastStep)
            throws IOException {
        TrainSettings settings = job.settings().train();
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new WorkerPlan(
                job.name().replace(' ', '-') + "-" + UUID.randomUUID(),
                workers,
                secret,
                modelKey,
                job.locations().qualified(model),
                job.settings().model().dtype(),
                adapter,
                train.files().stream().map(Path::toString).toList(),
                validation.files().stream().map(Path::toString).toList(),
                job.output().toString(),
                TrainingPlan.options(settings, train.counts().examples(), workers),
                settings.gradientCheckpointing(),
                lastStep,
                settings.loadBestModelAtEnd(),
                job.settings().model().saveDtype(),
                job.settings().privacy().examples(),
                samplePromptTokens);
    }

    /** For {@code metrics.json}: the figures of the run and of the parameters that are exported. */
    public Map<String, Object> metrics(Outcome outcome) {
        Trainer.Result result = outcome.result();
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("parameters", result.parameters());
        metrics.put("workers", outcome.workers());
        metrics.put("steps", result.steps());
        metrics.put("stopped_early", result.stoppedEarly());
        metrics.put("epochs", result.epochs());
        metrics.put("train_loss", result.trainLoss());
        metrics.put("num_input_tokens_seen", result.numInputTokensSeen());
        int exported = exportedStep(result);
        metrics.put("exported_step", exported);
        JsonNode evaluation = outcome.evaluationOf(exported);
        if (evaluation != null) {
            for (String name : List.of("eval_loss", "eval_accuracy", "eval_mean_token_accuracy")) {
                metrics.put(name, evaluation.get(name).asDouble());
            }
        }
        return metrics;
    }

    /** A line for a person. */
    public String summary(Outcome outcome) {
        Trainer.Result result = outcome.result();
        String trained = String.format(
                Locale.ROOT,
                "trained %,d parameters in %,d updates%s: loss %.4f",
                result.parameters(),
                result.steps(),
                result.stoppedEarly() ? ", stopped early" : "",
                result.trainLoss());
        JsonNode evaluation = outcome.evaluationOf(exportedStep(result));
        return evaluation == null
                ? trained
                : trained
                        + String.format(
                                Locale.ROOT,
                                "; wrote update %,d: eval_loss %.4f, eval_accuracy %.3f",
                                exportedStep(result),
                                evaluation.get("eval_loss").asDouble(),
                                evaluation.get("eval_accuracy").asDouble());
    }

    private int exportedStep(Trainer.Result result) {
        return job.settings().train().loadBestModelAtEnd() && result.best() != null
                ? result.best().step()
                : result.steps();
    }
}
