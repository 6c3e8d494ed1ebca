package dev.sparktune.jobs.evaluate;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.example.Example;
import dev.sparktune.jobs.model.ExecutorModel;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.run.Platform;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.AdapterSource;
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

    /** The setting that names the adapters. */
    public static final String ADAPTER_KEY = "evaluate.adapter";

    private static final double CONFIDENCE = 0.95;

    private final JobContext job;
    private final Settings settings;
    private final EvaluateSettings evaluate;
    private final String modelUri;
    private final List<AdapterSource> adapters;
    private final String finalOutput;

    /** @param finalOutput URI that the output will have when it is whole */
    public Evaluation(JobContext job, String finalOutput) {
        this.job = job;
        this.settings = job.settings();
        this.evaluate = settings.evaluate();
        this.modelUri = modelUri(settings);
        this.adapters = AdapterSource.of(ADAPTER_KEY, evaluate.adapter());
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

    /** What the model answered with a further adapter: a column beside what is measured. */
    private record OtherAdapter(AdapterSource adapter, List<TaskAnswers> answers) {
        EarlierEvaluation column() {
            return new EarlierEvaluation(adapter.name(), predictions(answers));
        }
    }

    /** What the model answered, and how it was trained where its directory tells. */
    private record ModelAnswers(List<TaskAnswers> tasks, Optional<TrainingLog> training) {}

    public JobResult run() throws Exception {
        List<EarlierEvaluation> earlier = evaluate.baseline() == null
                ? List.of()
                : job.stage("read earlier evaluations", () -> EarlierEvaluation.readAll(job));
        List<AdapterSource> further = adapters.stream().skip(1).toList();
        if (!further.isEmpty()) { // then each is a column by its name
            requireOwnNames(adapters, earlier);
        }
        ModelInfo model = job.stage("check the model", this::checkModel);
        List<TaskExamples> tasks = job.stage("read the examples", this::readTasks);
        String first = adapters.isEmpty() ? null : adapters.get(0).uri();
        ModelAnswers answers =
                job.stage("ask the model", () -> new ModelAnswers(ask(tasks, first), trainingLog(model.directory())));
        List<OtherAdapter> others = new ArrayList<>();
        for (AdapterSource adapter : further) {
            others.add(job.stage(
                    "ask the model with " + adapter.name(),
                    () -> new OtherAdapter(adapter, ask(tasks, adapter.uri()))));
        }
        List<EarlierEvaluation> beside = new ArrayList<>(earlier);
        others.forEach(other -> beside.add(other.column()));
        List<TaskResult> results = job.stage("compute the figures", () -> figures(first, answers.tasks(), beside));
        List<TaskResult> all = new ArrayList<>(results);
        others.forEach(other -> all.addAll(figures(other.adapter().uri(), other.answers(), earlier)));
        List<String> names = beside.stream().map(EarlierEvaluation::name).toList();
        job.stage("write predictions and report", () -> write(answers, others, results, names));
        List<TaskAnswers> asked = new ArrayList<>(answers.tasks());
        others.forEach(other -> asked.addAll(other.answers()));
        return new JobResult(
                counts(asked, all),
                MetricsTree.of(modelUri, evaluate.split(), all),
                SummaryTable.of(name(), names, results) + "\nreport: " + Redaction.text(finalOutput) + "/report.html");
    }

    /** Before the model is asked, which takes long. */
    private static void requireOwnNames(List<AdapterSource> adapters, List<EarlierEvaluation> earlier) {
        for (AdapterSource adapter : adapters) {
            if (earlier.stream().anyMatch(column -> column.name().equals(adapter.name()))) {
                throw new JobFailure(ADAPTER_KEY + ": '" + adapter.name()
                        + "' is also the name of an earlier evaluation; give the adapter another, as NAME@URI");
            }
        }
    }

    /** What the report calls what is measured. */
    private String name() {
        return adapters.size() > 1 ? adapters.get(0).name() : evaluate.name();
    }

    private ModelInfo checkModel() throws IOException {
        ModelInfo model = ExecutorModel.check(job, MODEL_KEY, modelUri, evaluate.dtype());
        for (AdapterSource adapter : adapters) {
            ModelLoader.checkAdapter(job.locations(), ADAPTER_KEY, adapter.uri(), model);
        }
        return model;
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
                task.examples().stream().filter(TaskData::hasText).forEach(row -> task.pool()
                        .requireEnough(TaskData.example(row), mostShots));
                tasks.add(task);
            }
        }
        return tasks;
    }

    /** {@code adapter}: URI, or null for the model alone. */
    private List<TaskAnswers> ask(List<TaskExamples> tasks, String adapter) throws IOException {
        Examiner examiner = new Examiner(
                job,
                job.locations().qualified(modelUri),
                adapter == null ? null : job.locations().qualified(adapter));
        List<TaskAnswers> answers = new ArrayList<>();
        for (TaskExamples task : tasks) {
            for (int shots : evaluate.shots().stream().sorted().toList()) {
                String name = task.source().name();
                answers.add(new TaskAnswers(name, shots, examiner.examine(name, task.examples(), shots, task.pool())));
            }
        }
        return answers;
    }

    private static Optional<TrainingLog> trainingLog(java.nio.file.Path model) throws IOException {
        java.nio.file.Path log = model.resolve("training.jsonl");
        return Files.exists(log)
                ? Optional.of(TrainingLog.parse(Files.readAllLines(log, StandardCharsets.UTF_8)))
                : Optional.empty();
    }

    private List<TaskResult> figures(String adapter, List<TaskAnswers> answers, List<EarlierEvaluation> earlier) {
        Bootstrap bootstrap = new Bootstrap(evaluate.bootstrapResamples(), CONFIDENCE, evaluate.seed());
        List<TaskResult> results = new ArrayList<>();
        for (TaskAnswers task : answers) {
            TaskResult result = new TaskResult(
                    task.task(), task.shots(), adapter, task.answered().predictions(), earlier, bootstrap);
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

    private static List<Prediction> predictions(List<TaskAnswers> answers) {
        return answers.stream()
                .flatMap(task -> task.answered().predictions().stream())
                .toList();
    }

    private Void write(ModelAnswers answers, List<OtherAdapter> others, List<TaskResult> results, List<String> earlier)
            throws IOException {
        write("predictions", answers.tasks());
        for (OtherAdapter other : others) {
            write("adapters/" + other.adapter().name() + "/predictions", other.answers());
        }
        String page = HtmlReport.render(ReportPage.of(
                name(),
                earlier,
                evaluate.split(),
                results,
                settings.privacy().examples(),
                answers.training(),
                configuration(),
                environment()));
        try (OutputStream out = job.outputFileSystem().create(new Path(job.output(), "report.html"), true)) {
            out.write(page.getBytes(StandardCharsets.UTF_8));
        }
        return null;
    }

    private void write(String directory, List<TaskAnswers> answers) {
        PredictionTable.write(job.spark(), predictions(answers), new Path(job.output(), directory).toString());
    }

    /** Settings as they were resolved. */
    private Map<String, String> configuration() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("model", modelUri);
        values.put("dtype", evaluate.dtype());
        values.put("adapter", adapters.isEmpty() ? "none" : evaluate.adapter());
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
        values.put("privacy.examples", settings.privacy().examples());
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
        counts.put("set_aside_without_text", setAside(results, AnswerTask.NO_TEXT));
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
