package dev.sparktune.jobs;

import dev.sparktune.jobs.evaluate.EarlierEvaluation;
import dev.sparktune.jobs.evaluate.Evaluation;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.settings.AdapterSource;
import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.jobs.tracking.RunMetrics;
import dev.sparktune.jobs.tracking.Tracking;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Measures a model on tasks of prepared data, with as many shots as wanted, against an earlier evaluation: metrics.json,
 * predictions as Parquet, and report.html.
 */
public final class EvaluateJob {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    /** The report has a colour for each. */
    private static final int MOST_COMPARED = 4;

    private EvaluateJob() {}

    public static void main(String[] args) throws Exception {
        Job job = new Job(
                "evaluate",
                "Measures a model on tasks, against an earlier evaluation; writes metrics, predictions and a report.",
                Set.of("output", "data", "evaluate", "privacy.examples", "tracking"),
                false,
                true,
                EvaluateJob::output,
                EvaluateJob::inputs,
                EvaluateJob::check);
        JobMain.run(job, args, EvaluateJob::run);
    }

    static JobResult run(JobContext job) throws Exception {
        EvaluateSettings settings = job.settings().evaluate();
        Map<String, Object> parameters = Map.of("data", job.settings().dataUri(), "evaluate", settings);
        try (Tracking tracking = Tracking.of(job, " evaluate " + settings.name(), parameters)) {
            JobResult result = new Evaluation(job, output(job.settings())).run();
            tracking.finish(RunMetrics.results((List<?>) result.metrics().get("results")), List.of("report.html"));
            return result;
        } finally {
            ExecutorModel.release();
        }
    }

    private static String output(Settings settings) {
        return settings.output() + "/evaluate/" + settings.evaluate().name();
    }

    private static List<AdapterSource> adapters(Settings settings) {
        return AdapterSource.of(Evaluation.ADAPTER_KEY, settings.evaluate().adapter());
    }

    static List<String> inputs(Settings settings) {
        List<String> inputs = new ArrayList<>();
        inputs.add(Evaluation.modelUri(settings));
        adapters(settings).stream().map(AdapterSource::uri).forEach(inputs::add);
        TaskSource.of(settings.evaluate().tasks(), settings.dataUri()).stream()
                .map(TaskSource::data)
                .distinct()
                .forEach(inputs::add);
        EarlierEvaluation.entries(settings.evaluate()).stream()
                .map(entry -> EarlierEvaluation.uri(settings, entry))
                .forEach(inputs::add);
        return inputs;
    }

    static void check(Settings settings) {
        settings.tracking().check();
        EvaluateSettings evaluate = settings.evaluate();
        if (!NAME.matcher(evaluate.name()).matches()) {
            throw new SettingsException(
                    "evaluate.name must be letters, digits, '.', '_' and '-', but is '" + evaluate.name() + "'");
        }
        if (!adapters(settings).isEmpty() && evaluate.model() == null) {
            throw new SettingsException(
                    "evaluate.adapter needs evaluate.model, the base that it was trained on: OUTPUT/model has it"
                            + " merged in");
        }
        checkEarlier(settings);
        if (evaluate.shots().isEmpty()
                || new HashSet<>(evaluate.shots()).size() < evaluate.shots().size()) {
            throw new SettingsException(
                    "evaluate.shots must name one or more numbers, each once, but is " + evaluate.shots());
        }
        TaskSource.check("evaluate.tasks", evaluate.tasks());
    }

    private static void checkEarlier(Settings settings) {
        EvaluateSettings evaluate = settings.evaluate();
        if (evaluate.baseline() == null && !evaluate.compare().isEmpty()) {
            throw new SettingsException("evaluate.compare needs an evaluate.baseline that all are measured from, but"
                    + " there is only " + evaluate.compare());
        }
        int others = evaluate.compare().size() + Math.max(0, evaluate.adapter().size() - 1);
        if (!evaluate.adapter().isEmpty() && others > MOST_COMPARED) {
            throw new SettingsException("evaluate.compare and all adapters but the first must be at most "
                    + MOST_COMPARED + " together, but are " + others);
        }
        if (evaluate.compare().size() > MOST_COMPARED) {
            throw new SettingsException("evaluate.compare must name at most " + MOST_COMPARED
                    + " evaluations, but names " + evaluate.compare().size());
        }
        Set<String> uris = new HashSet<>();
        for (String entry : EarlierEvaluation.entries(evaluate)) {
            String key = uris.isEmpty() ? "evaluate.baseline" : "evaluate.compare";
            String uri = EarlierEvaluation.uri(settings, entry);
            if (entry.isBlank()) {
                throw new SettingsException(key + " must name an evaluation, but is empty");
            }
            if (uri.equals(output(settings))) {
                throw new SettingsException(
                        key + " must be another evaluation, but is '" + entry + "' like evaluate.name");
            }
            if (!uris.add(uri)) {
                throw new SettingsException(key + " names '" + entry + "' a second time");
            }
        }
    }
}
