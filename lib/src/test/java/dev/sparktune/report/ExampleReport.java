package dev.sparktune.report;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Measure;
import dev.sparktune.eval.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Invented figures for tests of the page; {@code main FILE} writes it, to be looked at in a browser. */
final class ExampleReport {
    static final String HOSTILE = "Great <b>dryer</b> </script><script>alert(1)</script> {{ 7*7 }} ${1+1} 👍";
    private static final Bootstrap BOOTSTRAP = new Bootstrap(200, 0.95, 1);

    private ExampleReport() {}

    /** One evaluation's answers to a task, for figures over them. */
    private record Made(String evaluation, List<Metric> metrics, int[] answers) {}

    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of(args[0]), HtmlReport.render(sideBySide()));
    }

    static ReportData compared() {
        return report("instruct", List.of("base"));
    }

    /** The mixture against its base and the model of one task. */
    static ReportData sideBySide() {
        return report("mixture", List.of("base", "instruct"));
    }

    static ReportData alone() {
        return new ReportData(
                "base",
                List.of(),
                List.of(rating("base", List.of()), naming("base", List.of())),
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    private static ReportData report(String model, List<String> earlier) {
        return new ReportData(
                model,
                earlier,
                List.of(rating(model, earlier), naming(model, earlier)),
                Optional.of(TrainingLog.parse(log())),
                new TreeMap<>(Map.of(
                        "evaluate.model", "file:/tmp/quickstart/model",
                        "evaluate.tasks", "[rate, name_entity@file:/tmp/quickstart/pretrain/data]",
                        "evaluate.shots", "[0, 1, 5]",
                        "evaluate.seed", "42")),
                new TreeMap<>(Map.of(
                        "sparktune", "0.1.0", "java", "17.0.17", "cores", "2", "written", "2026-11-21T12:00:00Z")));
    }

    private static TaskReport rating(String model, List<String> earlier) {
        int n = 400;
        SplittableRandom random = new SplittableRandom(3);
        int[] labels = new int[n];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            labels[i] = u < 0.58 ? 4 : u < 0.74 ? 3 : u < 0.83 ? 2 : u < 0.9 ? 1 : 0;
        }
        List<ShotsReport> runs = new ArrayList<>();
        for (int shots : new int[] {0, 1, 5}) {
            Made made = rated(model, labels);
            List<Made> others =
                    earlier.stream().map(name -> rated(name, labels)).toList();
            Map<String, ConfusionMatrix> matrices = new HashMap<>();
            others.forEach(other -> matrices.put(other.evaluation(), ConfusionMatrix.of(labels, other.answers(), 5)));
            runs.add(new ShotsReport(
                    shots,
                    n - shots,
                    new TreeMap<>(shots == 0 ? Map.of() : Map.of("too long", (long) shots)),
                    78.4 + 81.3 * shots,
                    scores(
                            n,
                            made,
                            others,
                            Measure.ACCURACY,
                            Measure.MACRO_F1,
                            Measure.PERPLEXITY,
                            Measure.MAJORITY_CLASS),
                    changes(n, made, others, Measure.ACCURACY),
                    Optional.of(new Answers(ConfusionMatrix.of(labels, made.answers(), 5), matrices)),
                    List.of(
                            sample(HOSTILE + "\nHow many stars?", "5", "5", "1", earlier),
                            sample("It broke after two days.\n".repeat(12) + "How many stars?", "1", "2", "1", earlier),
                            sample("Does what it should, nothing more.\nHow many stars?", "3", "3", "1", earlier))));
        }
        return new TaskReport("rate", "test", List.of("1", "2", "3", "4", "5"), runs);
    }

    private static TaskReport naming(String model, List<String> earlier) {
        int n = 200;
        Made made = named(model, n);
        List<Made> others = earlier.stream().map(name -> named(name, n)).toList();
        return new TaskReport(
                "name_entity",
                "test",
                List.of(),
                List.of(new ShotsReport(
                        0,
                        n,
                        new TreeMap<>(Map.of("the prompt has no tokens", 3L, "no label", 1L)),
                        14.25,
                        scores(n, made, others, Measure.EXACT_MATCH, Measure.ROUGE_L, Measure.PERPLEXITY),
                        changes(n, made, others, Measure.EXACT_MATCH),
                        Optional.empty(),
                        List.of(sample(
                                "Charlie the cat sat down. Who sat down?", "Charlie", "5", "Charlie", earlier)))));
    }

    /** The base answers 1 star mostly; the others seven times in ten the label, and near it else. */
    private static Made rated(String evaluation, int[] labels) {
        int n = labels.length;
        boolean base = evaluation.equals("base");
        SplittableRandom random = new SplittableRandom(evaluation.hashCode());
        int[] answers = new int[n];
        double[] nll = new double[n];
        int[] tokens = new int[n];
        int[] majority = new int[n];
        Arrays.fill(tokens, 1);
        Arrays.fill(majority, 4);
        for (int i = 0; i < n; i++) {
            answers[i] = base
                    ? random.nextDouble() < 0.8 ? 0 : random.nextInt(5)
                    : random.nextDouble() < 0.7 ? labels[i] : Math.min(4, labels[i] + 1 - random.nextInt(2));
            nll[i] = base ? 2 + random.nextDouble() * 5 : random.nextDouble() * 1.6;
        }
        return new Made(
                evaluation,
                List.of(
                        right(labels, answers),
                        Metric.macroF1(labels, answers, 5),
                        Metric.perplexity(nll, tokens),
                        right(labels, majority)),
                answers);
    }

    /** The base names nearly all, the model of one task two of five. */
    private static Made named(String evaluation, int n) {
        double share = Map.of("base", 0.98, "instruct", 0.41, "mixture", 0.97).get(evaluation);
        SplittableRandom random = new SplittableRandom(evaluation.hashCode());
        double[] right = random.doubles(n).map(u -> u < share ? 1 : 0).toArray();
        double[] nll = random.doubles(n).map(u -> 3 * u * (1.1 - share)).toArray();
        int[] tokens = new int[n];
        Arrays.fill(tokens, 2);
        return new Made(
                evaluation,
                List.of(Metric.mean(right), Metric.mean(right), Metric.perplexity(nll, tokens)),
                new int[0]);
    }

    private static Sample sample(String prompt, String label, String answer, String before, List<String> earlier) {
        Map<String, String> answers = new HashMap<>();
        earlier.forEach(name -> answers.put(name, before));
        return new Sample(prompt, label, answer, answers);
    }

    private static Metric right(int[] labels, int[] answers) {
        double[] right = new double[labels.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = labels[i] == answers[i] ? 1 : 0;
        }
        return Metric.mean(right);
    }

    private static List<Score> scores(int n, Made made, List<Made> others, Measure... measures) {
        List<Score> scores = new ArrayList<>();
        for (int m = 0; m < measures.length; m++) {
            Measure measure = measures[m];
            Metric metric = made.metrics().get(m);
            List<Against> against = new ArrayList<>();
            for (Made other : others) {
                Metric before = other.metrics().get(m);
                against.add(new Against(
                        other.evaluation(),
                        new Figure(measure, BOOTSTRAP.interval(n, before)),
                        measure == Measure.MAJORITY_CLASS
                                ? Optional.empty()
                                : Optional.of(new Difference(measure, BOOTSTRAP.difference(n, metric, before)))));
            }
            scores.add(new Score(new Figure(measure, BOOTSTRAP.interval(n, metric)), against));
        }
        return scores;
    }

    /** Of the first metric. */
    private static List<Change> changes(int n, Made made, List<Made> others, Measure measure) {
        List<Change> changes = new ArrayList<>();
        for (Made other : others) {
            changes.add(change(n, made, other, measure));
            if (other != others.get(0)) {
                changes.add(change(n, other, others.get(0), measure));
            }
        }
        return changes;
    }

    private static Change change(int n, Made model, Made against, Measure measure) {
        return new Change(
                model.evaluation(),
                against.evaluation(),
                new Difference(
                        measure,
                        BOOTSTRAP.difference(
                                n, model.metrics().get(0), against.metrics().get(0))));
    }

    private static List<String> log() {
        List<String> lines = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(5);
        for (int step = 1; step <= 300; step++) {
            double fall = Math.exp(-step / 60.0);
            lines.add("{\"step\":" + step + ",\"epoch\":" + step / 100.0 + ",\"loss\":"
                    + (0.8 + 2.5 * fall + 0.2 * random.nextDouble())
                    + ",\"grad_norm\":" + (0.5 + 3 * fall + random.nextDouble()) + ",\"learning_rate\":"
                    + 5e-4 * Math.min(step / 30.0, 0.5 + 0.5 * Math.cos(Math.PI * step / 300)) + "}");
            if (step % 50 == 0) {
                lines.add("{\"step\":" + step + ",\"eval_loss\":" + (0.85 + 2.5 * fall) + ",\"eval_accuracy\":"
                        + (0.7 - 0.5 * fall) + "}");
            }
        }
        lines.add("{\"step\":301,\"lo");
        return lines;
    }
}
