package dev.sparktune.report;

import dev.sparktune.eval.Bootstrap;
import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import dev.sparktune.eval.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of(args[0]), HtmlReport.render(compared()));
    }

    static ReportData compared() {
        return new ReportData(
                "instruct",
                Optional.of("base"),
                List.of(rating(true), naming(true)),
                Optional.of(TrainingLog.parse(log())),
                new TreeMap<>(Map.of(
                        "evaluate.model", "file:/tmp/quickstart/model",
                        "evaluate.tasks", "[rate, name_entity@file:/tmp/quickstart/pretrain/data]",
                        "evaluate.shots", "[0, 1, 5]",
                        "evaluate.seed", "42")),
                new TreeMap<>(Map.of(
                        "sparktune", "0.1.0", "java", "17.0.17", "cores", "2", "written", "2026-11-21T12:00:00Z")));
    }

    static ReportData alone() {
        return new ReportData(
                "base", Optional.empty(), List.of(rating(false), naming(false)), Optional.empty(), Map.of(), Map.of());
    }

    private static TaskReport rating(boolean compared) {
        int n = 400;
        SplittableRandom random = new SplittableRandom(3);
        int[] labels = new int[n];
        int[] base = new int[n];
        int[] instruct = new int[n];
        double[] nll = new double[n];
        double[] baseNll = new double[n];
        int[] tokens = new int[n];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            labels[i] = u < 0.58 ? 4 : u < 0.74 ? 3 : u < 0.83 ? 2 : u < 0.9 ? 1 : 0;
            base[i] = random.nextDouble() < 0.8 ? 0 : random.nextInt(5);
            instruct[i] = random.nextDouble() < 0.7 ? labels[i] : Math.min(4, labels[i] + 1 - random.nextInt(2));
            nll[i] = random.nextDouble() * 1.6;
            baseNll[i] = 2 + random.nextDouble() * 5;
            tokens[i] = 1;
        }
        List<ShotsReport> runs = new ArrayList<>();
        for (int shots : new int[] {0, 1, 5}) {
            ConfusionMatrix matrix = ConfusionMatrix.of(labels, instruct, 5);
            ConfusionMatrix baseMatrix = ConfusionMatrix.of(labels, base, 5);
            int[] majority = new int[n];
            java.util.Arrays.fill(majority, matrix.majorityClass());
            runs.add(new ShotsReport(
                    shots,
                    n - shots,
                    shots,
                    78.4 + 81.3 * shots,
                    List.of(
                            score(Measure.ACCURACY, n, right(labels, instruct), right(labels, base), compared),
                            score(
                                    Measure.MACRO_F1,
                                    n,
                                    Metric.macroF1(labels, instruct, 5),
                                    Metric.macroF1(labels, base, 5),
                                    compared),
                            score(
                                    Measure.PERPLEXITY,
                                    n,
                                    Metric.perplexity(nll, tokens),
                                    Metric.perplexity(baseNll, tokens),
                                    compared),
                            new Score(
                                    Measure.MAJORITY_CLASS,
                                    BOOTSTRAP.interval(n, right(labels, majority)),
                                    compared
                                            ? Optional.of(BOOTSTRAP.interval(n, right(labels, majority)))
                                            : Optional.empty(),
                                    Optional.empty())),
                    Optional.of(new Answers(matrix, compared ? Optional.of(baseMatrix) : Optional.empty())),
                    List.of(
                            sample(HOSTILE + "\nHow many stars?", "5", "5", "1", compared),
                            sample(
                                    "It broke after two days.\n".repeat(12) + "How many stars?",
                                    "1",
                                    "2",
                                    "1",
                                    compared),
                            sample("Does what it should, nothing more.\nHow many stars?", "3", "3", "1", compared))));
        }
        return new TaskReport("rate", "test", List.of("1", "2", "3", "4", "5"), runs);
    }

    private static TaskReport naming(boolean compared) {
        int n = 200;
        SplittableRandom random = new SplittableRandom(4);
        double[] base = random.doubles(n).map(u -> u < 0.96 ? 1 : 0).toArray();
        double[] instruct = random.doubles(n).map(u -> u < 0.41 ? 1 : 0).toArray();
        double[] nll = random.doubles(n).map(u -> 3 * u).toArray();
        double[] baseNll = random.doubles(n).map(u -> 0.3 * u).toArray();
        int[] tokens = new int[n];
        java.util.Arrays.fill(tokens, 2);
        return new TaskReport(
                "name_entity",
                "test",
                List.of(),
                List.of(new ShotsReport(
                        0,
                        n,
                        0,
                        14.25,
                        List.of(
                                score(Measure.EXACT_MATCH, n, Metric.mean(instruct), Metric.mean(base), compared),
                                score(Measure.ROUGE_L, n, Metric.mean(instruct), Metric.mean(base), compared),
                                score(
                                        Measure.PERPLEXITY,
                                        n,
                                        Metric.perplexity(nll, tokens),
                                        Metric.perplexity(baseNll, tokens),
                                        compared)),
                        Optional.empty(),
                        List.of(sample(
                                "Charlie the cat sat down. Who sat down?", "Charlie", "5", "Charlie", compared)))));
    }

    private static Sample sample(String prompt, String label, String answer, String baseline, boolean compared) {
        return new Sample(prompt, label, answer, compared ? Optional.of(baseline) : Optional.empty());
    }

    private static Metric right(int[] labels, int[] answers) {
        double[] right = new double[labels.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = labels[i] == answers[i] ? 1 : 0;
        }
        return Metric.mean(right);
    }

    private static Score score(Measure measure, int n, Metric model, Metric baseline, boolean compared) {
        Interval figure = BOOTSTRAP.interval(n, model);
        return compared
                ? new Score(
                        measure,
                        figure,
                        Optional.of(BOOTSTRAP.interval(n, baseline)),
                        Optional.of(BOOTSTRAP.difference(n, model, baseline)))
                : new Score(measure, figure, Optional.empty(), Optional.empty());
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
