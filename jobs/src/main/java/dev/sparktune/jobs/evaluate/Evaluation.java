package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Platform;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.TaskSource;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.report.HtmlReport;
import dev.sparktune.report.TrainingLog;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/** One evaluation from its settings to its output: the examples are gathered in the driver, the executors ask the model. */
public final class Evaluation {
    /** The setting that names the model. */
    static final String MODEL_KEY = "evaluate.model";

    private static final double CONFIDENCE = 0.95;

    private final JobContext job;
    private final Settings settings;
    private final EvaluateSettings evaluate;
    private final String modelUri;
    private final String finalOutput;

    /** @param finalOutput URI that the output will have when it is whole */
    public Evaluation(JobContext job, String finalOutput) {
        this.job = job;
        this.settings = job.settings();
        this.evaluate = settings.evaluate();
        this.modelUri = modelUri(settings);
        this.finalOutput = finalOutput;
    }

    /** The model that is measured: {@code evaluate.model}, else OUTPUT/model. */
    public static String modelUri(Settings settings) {
        return settings.evaluate().model() != null ? settings.evaluate().model() : settings.output() + "/model";
    }

    /** A task's examples and what may be shown before them. */
    private record TaskExamples(TaskSource source, List<Row> examples, ShotPool pool) {}

    /** All predictions of a task with one number of shots. */
    private record TaskAnswers(String task, int shots, ModelUnderTest.Answered answered) {}

    /** What the model answered, and how it was trained where its directory tells. */
    private record ModelAnswers(List<TaskAnswers> tasks, Optional<TrainingLog> training) {}

    public JobResult run() throws Exception {
        List<EarlierEvaluation> earlier = evaluate.baseline() == null
                ? List.of()
                : job.stage("read earlier evaluations", () -> EarlierEvaluation.readAll(job));
        List<String> names = earlier.stream().map(EarlierEvaluation::name).toList();
        ModelInfo model = job.stage("check the model", () -> ExecutorModel.check(job, MODEL_KEY, modelUri));
        List<TaskExamples> tasks = job.stage("read the examples", this::readTasks);
        ModelAnswers answers = job.stage("ask the model", () -> ask(model, tasks));
        List<TaskResult> results = job.stage("compute the figures", () -> figures(answers.tasks(), earlier));
        job.stage("write predictions and report", () -> write(answers, results, names));
        return new JobResult(
                counts(answers.tasks(), results),
                MetricsTree.of(modelUri, evaluate.split(), results),
                SummaryTable.of(evaluate.name(), names, results) + "\nreport: " + Redaction.text(finalOutput)
                        + "/report.html");
    }

    private List<TaskExamples> readTasks() throws IOException {
        TaskData data = new TaskData(job);
        int mostShots = Collections.max(evaluate.shots());
        List<TaskExamples> tasks = new ArrayList<>();
        for (TaskSource entry : TaskSource.of(evaluate.tasks(), settings.dataUri())) {
            for (TaskSource source : data.resolve(entry, evaluate.split())) {
                List<Example> pool = mostShots == 0 ? List.of() : data.shotPool(source, ShotPool.SIZE, evaluate.seed());
                TaskExamples task = new TaskExamples(
                        source,
                        data.examples(source, evaluate.split(), evaluate.limit()),
                        new ShotPool(source.name(), pool, evaluate.seed()));
                task.examples().forEach(row -> task.pool().requireEnough(TaskData.example(row), mostShots));
                tasks.add(task);
            }
        }
        return tasks;
    }

    private ModelAnswers ask(ModelInfo model, List<TaskExamples> tasks) throws IOException {
        Examiner examiner = new Examiner(job, job.locations().qualified(modelUri));
        List<TaskAnswers> answers = new ArrayList<>();
        for (TaskExamples task : tasks) {
            for (int shots : evaluate.shots().stream().sorted().toList()) {
                String name = task.source().name();
                answers.add(new TaskAnswers(name, shots, examiner.examine(name, task.examples(), shots, task.pool())));
            }
        }
        return new ModelAnswers(answers, trainingLog(model.directory()));
    }

    private static Optional<TrainingLog> trainingLog(java.nio.file.Path model) throws IOException {
        java.nio.file.Path log = model.resolve("training.jsonl");
        return Files.exists(log)
                ? Optional.of(TrainingLog.parse(Files.readAllLines(log, StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    private List<TaskResult> figures(List<TaskAnswers> answers, List<EarlierEvaluation> earlier) {
        Bootstrap bootstrap = new Bootstrap(evaluate.bootstrapResamples(), CONFIDENCE, evaluate.seed());
        List<TaskResult> results = new ArrayList<>();
        for (TaskAnswers task : answers) {
            TaskResult result =
                    new TaskResult(task.task(), task.shots(), task.answered().predictions(), earlier, bootstrap);
            result.comparisons().forEach(comparison -> sayWhatIsMissing(result, comparison));
            results.add(result);
        }
        return results;
    }

    private static void sayWhatIsMissing(TaskResult result, Comparison comparison) {
        int paired = comparison.paired().size();
        if (paired < result.scored().size()) {
            System.err.println("evaluate: " + comparison.against() + " has " + (paired == 0 ? "none" : "only " + paired)
                    + " of the " + result.scored().size() + " examples of " + result.task() + " with " + result.shots()
                    + " shots: the difference is over those");
        }
    }

    private Void write(ModelAnswers answers, List<TaskResult> results, List<String> earlier) throws IOException {
        List<Prediction> predictions = new ArrayList<>();
        answers.tasks().forEach(task -> predictions.addAll(task.answered().predictions()));
        PredictionTable.write(job.spark(), predictions, new Path(job.output(), "predictions").toString());
        String page = HtmlReport.render(ReportPage.of(
                evaluate.name(),
                earlier,
                evaluate.split(),
                results,
                answers.training(),
                configuration(),
                environment()));
        try (OutputStream out = job.outputFileSystem().create(new Path(job.output(), "report.html"), true)) {
            out.write(page.getBytes(StandardCharsets.UTF_8));
        }
        return null;
    }

    /** Settings as they were resolved. */
    private Map<String, String> configuration() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("model", modelUri);
        values.put("data", settings.dataUri());
        values.put("tasks", evaluate.tasks().isEmpty() ? "all of the data" : evaluate.tasks());
        values.put("split", evaluate.split());
        values.put("shots", evaluate.shots());
        values.put("limit", evaluate.limit() == null ? "all examples" : evaluate.limit());
        values.put(
                "baseline",
                evaluate.baseline() == null ? "none" : EarlierEvaluation.uri(settings, evaluate.baseline()));
        values.put("compare", evaluate.compare().isEmpty() ? "none" : evaluate.compare());
        values.put("max_new_tokens", evaluate.maxNewTokens());
        values.put("normalize_choices", evaluate.normalizeChoices());
        values.put("bootstrap_resamples", evaluate.bootstrapResamples());
        values.put("seed", evaluate.seed());
        return texts(values);
    }

    private Map<String, String> environment() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("sparktune", JobMain.version());
        values.putAll(Platform.describe(job.spark().sparkContext().conf()));
        values.put("written", Instant.now().truncatedTo(ChronoUnit.SECONDS));
        return texts(values);
    }

    private static Map<String, String> texts(Map<String, Object> values) {
        Map<String, String> texts = new LinkedHashMap<>();
        values.forEach((key, value) -> texts.put(key, Redaction.text(value.toString())));
        return texts;
    }

    private static Map<String, Long> counts(List<TaskAnswers> answers, List<TaskResult> results) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put(
                "examples",
                answers.stream()
                        .mapToLong(a -> a.answered().predictions().size())
                        .sum());
        counts.put("scored", results.stream().mapToLong(r -> r.scored().size()).sum());
        counts.put("set_aside_too_long", setAside(results, Question.TOO_LONG));
        counts.put("set_aside_without_label", setAside(results, Question.NO_LABEL));
        counts.put("set_aside_without_choices", setAside(results, Question.NO_CHOICES));
        counts.put("set_aside_without_prompt", setAside(results, Question.NO_PROMPT));
        counts.put(
                "boundary_moved",
                answers.stream().mapToLong(a -> a.answered().boundaryMoved()).sum());
        return counts;
    }

    private static long setAside(List<TaskResult> results, String reason) {
        return results.stream()
                .mapToLong(result -> result.setAside().getOrDefault(reason, 0L))
                .sum();
    }
}
