package dev.sparktune.jobs.train;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.model.Decoder;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import dev.sparktune.train.Checkpoints;
import dev.sparktune.train.Exchange;
import dev.sparktune.train.ForeignCheckpointException;
import dev.sparktune.train.TrainOptions;
import dev.sparktune.train.Trainer;
import dev.sparktune.train.TrainingDivergedException;
import dev.sparktune.train.TrainingListener;
import dev.sparktune.train.TrainingLog;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Trains a decoder in the driver, over token shards, with log and checkpoints in the job's output.
 *
 * @param promptTokens how much of a validation example the samples show the model
 */
public record TrainingRun(
        JobContext job,
        Decoder decoder,
        Tokenizer tokenizer,
        Set<Integer> eosTokenIds,
        ToIntFunction<TokenizedExample> promptTokens) {

    /**
     * What the run came to.
     *
     * @param result of the trainer
     * @param options that it ran with
     * @param log lines of training.jsonl, those of earlier processes included
     */
    public record Outcome(Trainer.Result result, TrainOptions options, List<JsonNode> log) {

        /** The evaluation after the update whose parameters are exported; null without validation. */
        JsonNode evaluationOf(int step) {
            return log.stream()
                    .filter(line -> line.has("eval_loss") && line.get("step").asInt() == step)
                    .findFirst()
                    .orElse(null);
        }
    }

    /** Trains to the end; the decoder then has the parameters that the settings want exported. */
    public Outcome run(Tokenization.Shards train, Tokenization.Shards validation) throws IOException {
        TrainSettings settings = job.settings().train();
        if (train.counts().examples() == 0) {
            throw new JobFailure("no example is left to train on: " + train.counts());
        }
        if (!job.spark().sparkContext().isLocal()) {
            System.err.println(job.name() + ": training runs in the driver; the executors only tokenized");
        }
        FileSystem fs = job.outputFileSystem();
        TrainOptions options = TrainingPlan.options(settings, train.counts().examples());
        Path logFile = new Path(job.output(), "training.jsonl");
        Checkpoints checkpoints =
                new Checkpoints(fs, new Path(job.output(), "checkpoints"), options.saveTotalLimit(), Exchange.ALONE);
        try (TokenShards trainTokens = TokenShards.open(fs, train.files());
                TokenShards validationTokens = TokenShards.open(fs, validation.files());
                TrainingLog log = new TrainingLog(fs, logFile);
                TrainingProgress progress = new TrainingProgress(job.name())) {
            Trainer trainer = new Trainer(
                    decoder,
                    trainTokens,
                    validationTokens,
                    options,
                    checkpoints,
                    new ValidationSamples(decoder, tokenizer, eosTokenIds, validationTokens, promptTokens),
                    TrainingListener.all(List.of(log, progress)),
                    Exchange.ALONE);
            Trainer.Result result = trainer.run();
            if (settings.loadBestModelAtEnd()) {
                trainer.restoreBest();
            }
            return new Outcome(result, options, TrainingLog.read(fs, logFile));
        } catch (TrainingDivergedException | ForeignCheckpointException e) {
            throw new JobFailure(e.getMessage(), e);
        }
    }

    /** For {@code metrics.json}: the figures of the run and of the parameters that are exported. */
    public Map<String, Object> metrics(Outcome outcome) {
        Trainer.Result result = outcome.result();
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("parameters", decoder.layout().length());
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
                decoder.layout().length(),
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
