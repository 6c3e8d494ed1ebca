package dev.sparktune.jobs.tune;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.train.LiveGauges;
import dev.sparktune.jobs.train.TokenizedSplits;
import dev.sparktune.report.TrainingLog;
import dev.sparktune.report.TuneReport;
import dev.sparktune.train.TrainingListener;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/** The work of {@code Tune}: tokens, the search, and what is written of it. */
public final class Tuning {
    /** The training and validation shards of a trial, written into a directory. */
    @FunctionalInterface
    public interface Tokenizing {
        TokenizedSplits tokenize(Trial trial, Path directory) throws IOException;
    }

    private final JobContext job;
    private final List<Trial> trials;
    private final Tokenizing tokenizing;
    private final Map<List<Object>, TokenizedSplits> tokens = new HashMap<>();

    public Tuning(JobContext job, List<Trial> trials, Tokenizing tokenizing) {
        this.job = job;
        this.trials = trials;
        this.tokenizing = tokenizing;
    }

    public JobResult run() throws Exception {
        job.stage("tokenize", () -> {
            for (Trial trial : trials) {
                tokens(trial);
            }
            return null;
        });
        TrainingListener gauges = LiveGauges.and(job.spark(), TrainingListener.NONE);
        Search search = new Search(job, trials, this::tokens, gauges);
        Map<Trial, TrialRecord> ranked = job.stage("search", search::run);
        Trial best = ranked.keySet().iterator().next();
        String headline = headline(best, ranked.get(best).last());
        write("best.yaml", BestSettings.yaml(best.settings(), headline));
        write("report.html", report(headline, search, ranked).html());
        job.outputFileSystem().delete(new Path(job.output(), "tokens"), true);
        return new JobResult(counts(ranked), metrics(ranked), table(ranked) + headline);
    }

    /** Trials share what does not differ between them. */
    private TokenizedSplits tokens(Trial trial) throws IOException {
        List<Object> key = Arrays.asList(
                trial.settings().model().base(),
                trial.settings().train().seed(),
                trial.settings().train().maxTrainSamples());
        TokenizedSplits splits = tokens.get(key);
        if (splits == null) {
            Path directory = new Path(job.output(), "tokens/" + tokens.size());
            splits = tokenizing.tokenize(trial, directory);
            if (splits.validation().counts().examples() == 0) {
                throw new JobFailure("tune judges by the validation split, but the data has no validation example");
            }
            tokens.put(key, splits);
        }
        return splits;
    }

    private String headline(Trial best, Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "Of %d trials, trial %d has the best %s on the validation split: %.4g (%s).",
                trials.size(),
                best.number(),
                job.settings().tune().metric(),
                outcome.value(),
                best.text());
    }

    private Map<String, Long> counts(Map<Trial, TrialRecord> ranked) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("trials", (long) ranked.size());
        counts.put(
                "diverged",
                ranked.values().stream()
                        .filter(record -> record.last().value() == null)
                        .count());
        counts.put(
                "updates",
                ranked.values().stream()
                        .mapToLong(record -> record.last().step())
                        .sum());
        return counts;
    }

    private static Map<String, Object> metrics(Map<Trial, TrialRecord> ranked) {
        List<Object> list = new ArrayList<>();
        ranked.forEach((trial, record) -> {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("trial", trial.number());
            entry.put("values", trial.values());
            entry.put("outcomes", record.outcomes());
            list.add(entry);
        });
        return Map.of("trials", list);
    }

    private List<String> keys() {
        return List.copyOf(trials.get(0).values().keySet());
    }

    private TuneReport report(String headline, Search search, Map<Trial, TrialRecord> ranked) throws IOException {
        List<TuneReport.Trial> rows = new ArrayList<>();
        for (Map.Entry<Trial, TrialRecord> entry : ranked.entrySet()) {
            Trial trial = entry.getKey();
            List<String> lines =
                    search.log(trial).stream().map(JsonNode::toString).toList();
            rows.add(new TuneReport.Trial(
                    trial.number(),
                    values(trial),
                    entry.getValue().last().step(),
                    value(entry.getValue().last()),
                    state(entry.getValue()),
                    TrainingLog.parse(lines).curve(job.settings().tune().metric())));
        }
        Map<String, String> configuration = new LinkedHashMap<>();
        ranked.keySet().iterator().next().values().forEach((key, value) -> configuration.put(key, "" + value));
        configuration.put(
                "model.base", Redaction.text("" + job.settings().model().base()));
        configuration.put("tune", Json.compact(job.settings().tune()));
        return new TuneReport(headline, job.settings().tune().metric(), keys(), rows, configuration);
    }

    private static List<String> values(Trial trial) {
        return trial.values().values().stream().map(String::valueOf).toList();
    }

    private static String value(Outcome outcome) {
        return outcome.value() == null ? "–" : String.format(Locale.ROOT, "%.4g", outcome.value());
    }

    private String state(TrialRecord record) {
        int rungs =
                Rung.of(trials.size(), job.settings().tune().halvingFactor()).size();
        return record.last().value() == null
                ? "diverged"
                : record.last().rung() == rungs - 1
                        ? "trained to the end"
                        : "given up after rung " + (record.last().rung() + 1) + " of " + rungs;
    }

    /** A line for each trial, the best first. */
    private String table(Map<Trial, TrialRecord> ranked) {
        List<List<String>> rows = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("trial"));
        head.addAll(keys());
        head.addAll(List.of("updates", job.settings().tune().metric(), ""));
        rows.add(head);
        ranked.forEach((trial, record) -> {
            List<String> row = new ArrayList<>(List.of("" + trial.number()));
            row.addAll(values(trial));
            row.addAll(List.of("" + record.last().step(), value(record.last()), state(record)));
            rows.add(row);
        });
        int[] widths = new int[head.size()];
        rows.forEach(row -> {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < widths.length; c++) {
                line.append(row.get(c)).append(" ".repeat(widths[c] - row.get(c).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private void write(String name, String text) throws IOException {
        try (OutputStream out = job.outputFileSystem().create(new Path(job.output(), name), true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
