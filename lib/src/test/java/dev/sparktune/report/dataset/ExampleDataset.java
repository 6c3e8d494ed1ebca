package dev.sparktune.report.dataset;

import dev.sparktune.report.dataset.DatasetReport.BadFile;
import dev.sparktune.report.dataset.DatasetReport.Balance;
import dev.sparktune.report.dataset.DatasetReport.Leaks;
import dev.sparktune.report.dataset.DatasetReport.Lengths;
import dev.sparktune.report.dataset.DatasetReport.Rows;
import dev.sparktune.report.dataset.DatasetReport.Sample;
import dev.sparktune.report.dataset.DatasetReport.Samples;
import dev.sparktune.report.dataset.DatasetReport.Shared;
import dev.sparktune.report.dataset.DatasetReport.Split;
import dev.sparktune.report.dataset.DatasetReport.Stratum;
import dev.sparktune.report.dataset.DatasetReport.Task;
import dev.sparktune.report.dataset.DatasetReport.Template;
import dev.sparktune.report.dataset.DatasetReport.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Invented figures for tests of the page; {@code main FILE} writes it, to be looked at in a browser. */
final class ExampleDataset {
    static final String HOSTILE = "Great <b>dryer</b> </script><script>alert(1)</script> {{ 7*7 }} ${1+1} 👍";

    private ExampleDataset() {}

    public static void main(String[] args) throws Exception {
        Files.writeString(Path.of(args[0]), DatasetPage.render(whole()));
    }

    /** With everything that a page can show. */
    static DatasetReport whole() {
        return new DatasetReport(
                "reviews " + HOSTILE,
                new Rows(
                        1_060,
                        1_000,
                        20,
                        40,
                        Optional.of(7L),
                        sorted(Map.of("html", 12L, "nfc", 345L)),
                        sorted(Map.of("near-duplicate in test", 15L, "review_body is empty <i>", 5L)),
                        List.of(new BadFile("file:/in/part-7.parquet", "empty (0 bytes)"))),
                List.of(
                        new Split("train", 0.8, 800, 1_590, 0, 2, 1_234_567),
                        new Split("test", 0.2, 200, 400, 40, 1, 300_000)),
                List.of(
                        new Stratum("1 <b>star</b>", List.of(149L, 38L), List.of(149L, 50L)),
                        new Stratum("5", List.of(651L, 162L), List.of(651L, 190L))),
                new Balance(0.0123, 0.0321, 3, 25),
                List.of(
                        new Task(
                                "rate",
                                List.of(800L, 200L),
                                List.of(new Template("rate", 600, Map.of()), new Template("stars", 400, Map.of()))),
                        new Task(
                                "summarise",
                                List.of(790L, 200L),
                                List.of(new Template("summarise", 990, Map.of("the target is empty", 10L))))),
                List.of(
                        lengths("rate", 1_000, 104.5, 600, Map.of(64L, 300L, 80L, 0L, 96L, 700L)),
                        lengths("summarise", 990, 99, 96, Map.of(64L, 90L, 80L, 400L, 96L, 500L))),
                Optional.of(new Tokens(
                        "file:/models/base",
                        20,
                        List.of(
                                lengths("rate", 1_000, 17.25, 24, Map.of(16L, 900L, 20L, 60L, 24L, 40L)),
                                lengths("summarise", 990, 15, 16, Map.of(16L, 990L, 20L, 0L, 24L, 0L))),
                        sorted(Map.of("rate", 40L, "summarise", 0L)))),
                new Leaks(List.of(new Shared("train and test", 0, 0, 3)), Optional.of(Map.of("train and test", 15L))),
                Optional.of(new Samples(
                        "train",
                        List.of(
                                new Sample("rate", "stars", HOSTILE, " 5", List.of("1", "<u>5</u>")),
                                new Sample("rate", "rate", "x".repeat(4_000), " 4", List.of("1", "5"))),
                        List.of("summarise"))),
                sorted(Map.of("input.path", "[data/<x>]", "split.fractions", "{\"train\":0.8,\"test\":0.2}")),
                sorted(Map.of("java", "17.0.17", "written", "2026-11-21T12:00:00Z")));
    }

    /** The least that there can be: one split, nothing counted by tokens, no text shown. */
    static DatasetReport bare() {
        DatasetReport all = whole();
        return new DatasetReport(
                "bare",
                new Rows(10, 10, 0, 0, Optional.empty(), Map.of(), Map.of(), List.of()),
                List.of(new Split("all", 1, 10, 0, 0, 1, 900)),
                List.of(new Stratum("all", List.of(10L), List.of(10L))),
                new Balance(0, 0, 0, 25),
                List.of(new Task("rate", List.of(0L), List.of(new Template("rate", 0, Map.of())))),
                List.of(),
                Optional.empty(),
                new Leaks(List.of(), Optional.empty()),
                Optional.empty(),
                all.configuration(),
                all.environment());
    }

    private static Lengths lengths(String task, long examples, double mean, long longest, Map<Long, Long> histogram) {
        return new Lengths(task, examples, mean, 16, 20, 24, longest, sorted(histogram));
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
        return new TreeMap<>(map);
    }
}
