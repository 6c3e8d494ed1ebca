package dev.sparktune.jobs.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.jobs.run.DriverLink;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.TaskProgress;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.train.TrainOptions;
import dev.sparktune.train.Trainer;
import dev.sparktune.train.TrainingListener;
import dev.sparktune.train.TrainingLog;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Trains a model over token shards: workers on the executors, each with its replica, log and progress in the driver,
 * checkpoints and the model in the job's output. In local mode the one worker is a task of this JVM.
 *
 * @param modelKey the setting that names the model, for errors
 * @param model directory to start from, which every executor can read
 * @param samplePromptTokens how many tokens of a validation example the samples show the model; null for its whole prompt
 */
public record TrainingRun(JobContext job, String modelKey, String model, Integer samplePromptTokens) {
    private static final int SECRET_BYTES = 32;

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

    /** Trains to the end; the job's output then has the model that the settings want exported. */
    public Outcome run(Tokenization.Shards train, Tokenization.Shards validation) throws Exception {
        TrainSettings settings = job.settings().train();
        if (train.counts().examples() == 0) {
            throw new JobFailure("no example is left to train on: " + train.counts());
        }
        SparkContext context = job.spark().sparkContext();
        int workers = WorkerCount.of(settings, context.conf(), context.isLocal());
        WorkerPlan plan = plan(train, validation, workers);
        FileSystem fs = job.outputFileSystem();
        Path logFile = new Path(job.output(), "training.jsonl");
        SharedStorage storage = new SharedStorage(fs, job.output(), plan.name());
        storage.begin();
        try (TrainingLog log = new TrainingLog(fs, logFile);
                TrainingProgress progress = new TrainingProgress(job.name());
                StageWatch watch = new StageWatch(job.name(), context, plan.name(), workers, settings.slotsTimeout())) {
            Trainer.Result result = new Stage(context, plan, watch, TrainingListener.all(List.of(log, progress)))
                    .run(new SerializableConfiguration(fs.getConf()));
            return new Outcome(result, plan.options(), workers, TrainingLog.read(fs, logFile));
        } finally {
            storage.end();
        }
    }

    private WorkerPlan plan(Tokenization.Shards train, Tokenization.Shards validation, int workers) {
        TrainSettings settings = job.settings().train();
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new WorkerPlan(
                job.name() + "-" + UUID.randomUUID(),
                workers,
                secret,
                modelKey,
                model,
                train.files().stream().map(Path::toString).toList(),
                validation.files().stream().map(Path::toString).toList(),
                job.output().toString(),
                TrainingPlan.options(settings, train.counts().examples(), workers),
                settings.loadBestModelAtEnd(),
                job.settings().model().saveDtype(),
                samplePromptTokens);
    }

    /** The barrier stage, as often as it comes further. */
    private static final class Stage {
        private final SparkContext context;
        private final WorkerPlan plan;
        private final StageWatch watch;
        private final TrainingListener listener;
        private int attempt;
        private int checkpoint = -1;

        Stage(SparkContext context, WorkerPlan plan, StageWatch watch, TrainingListener listener) {
            this.context = context;
            this.plan = plan;
            this.watch = watch;
            this.listener = listener;
        }

        Trainer.Result run(SerializableConfiguration configuration) throws Exception {
            try (DriverLink.Listening link = DriverLink.listen(plan.name(), this::heard)) {
                while (true) {
                    watch.awaitSlots();
                    int before = checkpoint;
                    try {
                        return attempt(configuration);
                    } catch (Exception e) {
                        if (watch.failure() != null) {
                            throw watch.failure();
                        }
                        if (checkpoint == before) { // Spark has tried more than once
                            throw e;
                        }
                    }
                }
            }
        }

        private Trainer.Result attempt(SerializableConfiguration configuration) {
            attempt = 0;
            WorkerPlan everyones = plan;
            context.setJobGroup(plan.name(), "train on " + plan.workers() + " executors", true);
            context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, "true");
            try {
                return BarrierStage.run(
                                JavaSparkContext.fromSparkContext(context),
                                plan.workers(),
                                task -> Worker.run(everyones, task, configuration.value()))
                        .get(0);
            } finally {
                context.setLocalProperty(TaskProgress.SHOWN_OTHERWISE, null);
                context.clearJobGroup();
            }
        }

        /** On a thread of Spark's. */
        private synchronized void heard(String line) {
            WorkerMessage message = WorkerMessage.fromJson(line);
            if (message.failure() != null) {
                if (message.trace() != null) {
                    System.err.print(message.trace());
                }
                String who = plan.workers() == 1 ? "" : "worker " + message.rank() + " on " + message.host() + ": ";
                watch.fail(new JobFailure(who + message.failure()));
            } else if (message.attempt() >= attempt) { // not of a worker that does not know yet that others go on
                attempt = message.attempt();
                TrainingEvents.replay(message.event(), listener);
                TrainingEvents.replay(message.event(), new TrainingListener() {
                    @Override
                    public void onCheckpoint(int step) {
                        checkpoint = step;
                    }
                });
            }
        }
    }

    /** For {@code metrics.json}: the figures of the run and of the parameters that are exported. */
    public Map<String, Object> metrics(Outcome outcome) {
        Trainer.Result result = outcome.result();
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("parameters", result.parameters());
        metrics.put("workers", outcome.workers());
        metrics.put("steps", result.steps());
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
                "trained %,d parameters in %,d updates: loss %.4f",
                result.parameters(),
                result.steps(),
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
