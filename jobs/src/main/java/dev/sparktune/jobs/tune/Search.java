package dev.sparktune.jobs.tune;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.train.AdapterPlan;
import dev.sparktune.jobs.train.TokenizedSplits;
import dev.sparktune.jobs.train.TrainingRun;
import dev.sparktune.train.TrainingDivergedException;
import dev.sparktune.train.TrainingListener;
import dev.sparktune.train.TrainingLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Successive halving: trains trials one after another, rung by rung, and lets the better ones go on. Every trial has a directory with its log, its
 * outcomes and, while it may go on, its checkpoints.
 */
final class Search {
    private final JobContext job;
    private final List<Trial> trials;
    private final Tokens tokens;
    private final TrainingListener listener;
    private final FileSystem fs;
    private final Map<Integer, TrialRecord> records = new LinkedHashMap<>();

    /** The examples of a trial. */
    interface Tokens {
        TokenizedSplits of(Trial trial) throws IOException;
    }

    Search(JobContext job, List<Trial> trials, Tokens tokens, TrainingListener listener) throws IOException {
        this.job = job;
        this.trials = trials;
        this.tokens = tokens;
        this.listener = listener;
        this.fs = job.outputFileSystem();
        for (Trial trial : trials) {
            records.put(trial.number(), TrialRecord.read(fs, directory(trial)));
        }
    }

    /** Runs what is still to be run; the record of each trial, the best first. */
    Map<Trial, TrialRecord> run() throws Exception {
        List<Rung> rungs = Rung.of(trials.size(), job.settings().tune().halvingFactor());
        List<Trial> inRace = trials;
        for (int r = 0; r < rungs.size(); r++) {
            Rung rung = rungs.get(r);
            if (r > 0) {
                inRace = chosen(inRace, r - 1, rung.trials());
            }
            System.err.printf(
                    Locale.ROOT,
                    "%s: rung %d of %d: %d trials, to %.1f %% of their updates%n",
                    job.name(),
                    r + 1,
                    rungs.size(),
                    inRace.size(),
                    100 * rung.share());
            for (Trial trial : inRace) {
                if (records.get(trial.number()).outcomes().size() <= r) {
                    train(trial, r, rung);
                }
            }
        }
        List<Trial> ranked = trials.stream()
                .sorted(betterFirst(trial -> records.get(trial.number()).last()))
                .toList();
        Trial best = ranked.get(0);
        if (records.get(best.number()).last().value() == null) {
            throw new JobFailure("all trials diverged; trial " + best.number() + ": "
                    + records.get(best.number()).last().failure());
        }
        for (Trial trial : trials) {
            fs.delete(new Path(directory(trial), "checkpoints"), true);
        }
        Map<Trial, TrialRecord> result = new LinkedHashMap<>();
        ranked.forEach(trial -> result.put(trial, records.get(trial.number())));
        return result;
    }

    /** The best of a rung go on; the others' checkpoints go. A search that was killed may have later outcomes already. */
    private List<Trial> chosen(List<Trial> inRace, int rung, int count) throws IOException {
        Function<Trial, Outcome> outcome =
                trial -> records.get(trial.number()).outcomes().get(rung);
        List<Trial> going = new ArrayList<>();
        for (Trial trial : inRace.stream().sorted(betterFirst(outcome)).toList()) {
            if (going.size() < count && outcome.apply(trial).value() != null) {
                going.add(trial);
            } else {
                fs.delete(new Path(directory(trial), "checkpoints"), true);
            }
        }
        return going;
    }

    /** Diverged last; then who came further, who has the better value, the order of the search. */
    private Comparator<Trial> betterFirst(Function<Trial, Outcome> outcome) {
        double sign = job.settings().tune().metric().equals("eval_loss") ? 1 : -1;
        return Comparator.comparing((Trial trial) -> outcome.apply(trial).value() == null)
                .thenComparing(trial -> -outcome.apply(trial).rung())
                .thenComparing(trial -> {
                    Double value = outcome.apply(trial).value();
                    return value == null ? 0 : sign * value;
                })
                .thenComparing(Trial::number);
    }

    private void train(Trial trial, int r, Rung rung) throws Exception {
        String name = job.name() + " trial " + trial.number() + " of " + trials.size();
        System.err.println(name + ": " + trial.text());
        JobContext own =
                new JobContext(name, job.spark(), trial.settings(), job.locations(), directory(trial), job.resumed());
        String base = trial.settings().model().base();
        AdapterPlan adapter = AdapterPlan.of(
                trial.settings(), ModelLoader.check(job.locations(), "model.base", base), job.locations());
        TrainingRun run = new TrainingRun(own, "model.base", base, adapter, null);
        TokenizedSplits splits = tokens.of(trial);
        Outcome outcome;
        try {
            TrainingRun.Outcome trained = run.runTo(rung.share(), splits.train(), splits.validation(), listener);
            outcome = new Outcome(r, trained.result().steps(), best(trained.log()), null);
        } catch (JobFailure e) {
            if (!(e.getCause() instanceof TrainingDivergedException)) {
                throw e;
            }
            System.err.println(name + ": diverged: " + e.getMessage());
            outcome = new Outcome(r, lastStep(trial), null, e.getMessage());
        }
        TrialRecord record = records.get(trial.number()).with(fs, directory(trial), outcome);
        records.put(trial.number(), record);
    }

    private double best(List<JsonNode> log) {
        String metric = job.settings().tune().metric();
        var values = log.stream().filter(line -> line.has(metric)).mapToDouble(line -> line.get(metric)
                .asDouble());
        return (metric.equals("eval_loss") ? values.min() : values.max()).orElseThrow();
    }

    private int lastStep(Trial trial) throws IOException {
        List<JsonNode> log = log(trial);
        return log.isEmpty() ? 0 : log.get(log.size() - 1).get("step").asInt();
    }

    /** Lines of the trial's training.jsonl. */
    List<JsonNode> log(Trial trial) throws IOException {
        return TrainingLog.read(fs, new Path(directory(trial), "training.jsonl"));
    }

    private Path directory(Trial trial) {
        return new Path(job.output(), String.format(Locale.ROOT, "trials/%03d", trial.number()));
    }
}
