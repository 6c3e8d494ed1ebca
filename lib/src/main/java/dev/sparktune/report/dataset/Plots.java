package dev.sparktune.report.dataset;

import dev.sparktune.report.dataset.DatasetReport.Lengths;
import dev.sparktune.report.dataset.DatasetReport.Split;
import dev.sparktune.report.dataset.DatasetReport.Stratum;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What {@code dataset.js} draws, as plain data: written into the page as JSON.
 *
 * @param splits their names; lists by split are in this order
 * @param lengths characters, then tokens where they were counted
 */
record Plots(List<String> splits, List<Bars> strata, List<Histograms> lengths) {

    /** @param miss by split, as shares of the targets; null where the target is too small to compare */
    record Bars(String stratum, List<Long> rows, List<Double> miss) {}

    /**
     * @param maxLength drawn as a line; null for none
     * @param ends of the classes, from the shortest of any task to the longest
     */
    record Histograms(String unit, Integer maxLength, List<Long> ends, List<Histogram> tasks) {}

    /** @param shares of the task's examples, by class */
    record Histogram(String task, List<Double> shares) {}

    static Plots of(DatasetReport data, List<Stratum> strata) {
        List<Histograms> lengths = new ArrayList<>();
        lengths.add(histograms("characters", null, data.characters()));
        data.tokens().ifPresent(tokens -> lengths.add(histograms("tokens", tokens.maxLength(), tokens.lengths())));
        return new Plots(
                data.splits().stream().map(Split::name).toList(),
                strata.stream()
                        .map(stratum -> new Bars(stratum.name(), stratum.rows(), misses(data, stratum)))
                        .toList(),
                lengths);
    }

    private static List<Double> misses(DatasetReport data, Stratum stratum) {
        List<Double> misses = new ArrayList<>();
        for (int split = 0; split < data.splits().size(); split++) {
            double fraction = data.splits().get(split).fraction();
            boolean compared = stratum.target(fraction) >= data.balance().leastTarget();
            misses.add(compared ? stratum.miss(split, fraction) : null);
        }
        return misses;
    }

    private static Histograms histograms(String unit, Integer maxLength, List<Lengths> tasks) {
        SortedSet<Long> ends = new TreeSet<>();
        tasks.forEach(task -> ends.addAll(task.histogram().keySet()));
        return new Histograms(
                unit,
                maxLength,
                List.copyOf(ends),
                tasks.stream()
                        .map(task -> new Histogram(task.task(), shares(ends, task)))
                        .toList());
    }

    private static List<Double> shares(SortedSet<Long> ends, Lengths task) {
        Map<Long, Long> histogram = task.histogram();
        return ends.stream()
                .map(end -> (double) histogram.getOrDefault(end, 0L) / Math.max(1, task.examples()))
                .toList();
    }
}
