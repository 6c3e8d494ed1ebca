package dev.sparktune.report;

import dev.sparktune.eval.ConfusionMatrix;
import dev.sparktune.eval.Interval;
import dev.sparktune.eval.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What {@code report.js} draws, as plain data: written into the page as JSON.
 *
 * @param earlier names of the evaluations that it is compared with, the baseline first; every list named {@code earlier}
 *     is in this order, null where one of them has no figure
 * @param bars a group of bars with intervals for every measure in [0, 1] of every task, fewest shots
 * @param training plots over steps
 * @param tasks the plots of single tasks, in the report's order
 */
record Plots(String model, List<String> earlier, List<Bar> bars, List<Curves> training, List<TaskPlots> tasks) {

    private static final int MOST_POINTS = 2_000;

    /** {@code majority} is null where there is none. */
    record Bar(String task, String measure, boolean share, Interval model, List<Interval> earlier, Double majority) {}

    record Curves(String title, String unit, List<Line> lines) {}

    record Line(String name, List<TrainingLog.Point> points) {}

    /** {@code counts} null without choices; {@code shots} empty when only one number of shots was tried. */
    @SuppressWarnings("ArrayRecordComponent") // written as JSON, never compared
    record TaskPlots(List<String> choices, long[][] counts, List<long[][]> earlier, List<ShotsPoint> shots) {}

    record ShotsPoint(int shots, double contextTokens, String measure, Interval model, List<Interval> earlier) {}

    static Plots of(ReportData data) {
        return new Plots(
                data.model(),
                data.earlier(),
                data.tasks().stream()
                        .flatMap(task -> bars(task, data.earlier()).stream())
                        .toList(),
                data.training().map(Plots::training).orElse(List.of()),
                data.tasks().stream()
                        .map(task -> taskPlots(task, data.earlier()))
                        .toList());
    }

    private static List<Bar> bars(TaskReport task, List<String> earlier) {
        Double majority = task.first()
                .score(Measure.MAJORITY_CLASS)
                .map(score -> score.model().interval().value())
                .orElse(null);
        return task.first().scores().stream()
                .filter(score -> score.measure().bounded() && score.measure() != Measure.MAJORITY_CLASS)
                .map(score -> new Bar(
                        task.task(),
                        score.measure().title(),
                        score.measure().share(),
                        score.model().interval(),
                        earlier(score, earlier),
                        score.measure() == Measure.ACCURACY ? majority : null))
                .toList();
    }

    private static List<Curves> training(TrainingLog log) {
        List<Curves> plots = new ArrayList<>();
        addCurves(plots, log, "Loss", "nats per token", "loss", "eval_loss");
        addCurves(plots, log, "Accuracy in validation", "share right", "eval_accuracy");
        addCurves(plots, log, "Learning rate", "", "learning_rate");
        addCurves(plots, log, "Gradient norm before clipping", "", "grad_norm");
        return plots;
    }

    private static void addCurves(List<Curves> plots, TrainingLog log, String title, String unit, String... names) {
        List<Line> lines = new ArrayList<>();
        for (String name : names) {
            List<TrainingLog.Point> points = log.curve(name);
            if (!points.isEmpty()) {
                lines.add(new Line(name, thinned(points)));
            }
        }
        if (!lines.isEmpty()) {
            plots.add(new Curves(title, unit, lines));
        }
    }

    /** Every n-th point, and the last: more than a screen has pixels would only make the page heavy. */
    private static List<TrainingLog.Point> thinned(List<TrainingLog.Point> points) {
        int stride = 1 + points.size() / MOST_POINTS;
        return IntStream.range(0, points.size())
                .filter(i -> i % stride == 0 || i == points.size() - 1)
                .mapToObj(points::get)
                .toList();
    }

    private static TaskPlots taskPlots(TaskReport task, List<String> earlier) {
        Optional<Answers> answers = task.first().answers();
        return new TaskPlots(
                task.choices(),
                answers.map(a -> a.model().counts()).orElse(null),
                answers.map(a -> each(
                                earlier, name -> Optional.ofNullable(a.earlier().get(name))
                                        .map(ConfusionMatrix::counts)))
                        .orElse(List.of()),
                task.runs().size() < 2
                        ? List.of()
                        : task.runs().stream()
                                .map(run -> shotsPoint(run, earlier))
                                .toList());
    }

    private static ShotsPoint shotsPoint(ShotsReport run, List<String> earlier) {
        Score lead = run.lead();
        return new ShotsPoint(
                run.shots(),
                run.contextTokens(),
                lead.measure().title(),
                lead.model().interval(),
                earlier(lead, earlier));
    }

    private static List<Interval> earlier(Score score, List<String> earlier) {
        return each(earlier, name -> score.against(name).map(Against::figure).map(Figure::interval));
    }

    private static <T> List<T> each(List<String> names, Function<String, Optional<T>> value) {
        return names.stream().map(name -> value.apply(name).orElse(null)).toList();
    }
}
