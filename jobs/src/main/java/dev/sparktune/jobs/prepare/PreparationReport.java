package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.input.BadFile;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.report.dataset.DatasetReport;
import dev.sparktune.report.dataset.DatasetReport.Lengths;
import dev.sparktune.split.SplitBalance;
import dev.sparktune.split.SplitFractions;
import dev.sparktune.template.PromptTemplate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;

/** The manifest as the records that {@code report.html} is made from. */
final class PreparationReport {
    static final String FILE = "report.html";

    private final Manifest manifest;
    private final Tally tally;
    private final SplitFractions splits;

    private PreparationReport(Manifest manifest) {
        this.manifest = manifest;
        this.tally = manifest.tally();
        this.splits = manifest.map().fractions();
    }

    /** @param samples empty where no text may be shown */
    static DatasetReport of(Manifest manifest, Optional<DatasetReport.Samples> samples, Provenance provenance) {
        PreparationReport report = new PreparationReport(manifest);
        SplitBalance balance = manifest.balance();
        return new DatasetReport(
                manifest.source().name(),
                report.rows(),
                report.splits(),
                report.strata(),
                new DatasetReport.Balance(
                        balance.rms(), balance.max(), balance.cells(), (int) SplitBalance.LEAST_TARGET),
                report.tasks(),
                report.lengths(Tally.Unit.CHARACTERS),
                report.tokens(),
                report.leaks(),
                samples,
                provenance.configuration(),
                provenance.environment());
    }

    private DatasetReport.Rows rows() {
        return new DatasetReport.Rows(
                manifest.rows(),
                manifest.kept(),
                manifest.quarantined(),
                manifest.reserve(),
                manifest.source().exclusion() == null
                        ? Optional.empty()
                        : Optional.of(tally.total(Tally.Kind.EXCLUDED)),
                manifest.cleaned(),
                manifest.quarantinedByReason(),
                manifest.source().badFiles().stream()
                        .map(PreparationReport::badFile)
                        .toList());
    }

    private static DatasetReport.BadFile badFile(BadFile file) {
        return new DatasetReport.BadFile(Redaction.text(file.path()), Redaction.text(file.reason()));
    }

    private List<DatasetReport.Split> splits() {
        List<DatasetReport.Split> list = new ArrayList<>();
        for (int i = 0; i < splits.size(); i++) {
            String name = splits.name(i);
            list.add(new DatasetReport.Split(
                    name,
                    splits.fraction(i),
                    tally.total(Tally.Kind.KEPT, name),
                    tally.total(Tally.Kind.EXAMPLES, name),
                    tally.total(Tally.Kind.RESERVE, name),
                    manifest.size(name).files(),
                    manifest.size(name).bytes()));
        }
        return list;
    }

    /** Sorted by name. */
    private List<DatasetReport.Stratum> strata() {
        List<DatasetReport.Stratum> strata = new ArrayList<>();
        tally.dealt(splits.names()).forEach((name, dealt) -> {
            List<Long> rows = new ArrayList<>();
            for (String split : splits.names()) {
                rows.add(counts(Tally.Kind.KEPT, split).getOrDefault(name, 0L));
            }
            strata.add(new DatasetReport.Stratum(
                    name, rows, LongStream.of(dealt).boxed().toList()));
        });
        return strata;
    }

    private Map<String, Long> counts(Tally.Kind kind, String first) {
        return tally.of(kind).getOrDefault(first, Map.of());
    }

    private List<DatasetReport.Task> tasks() {
        List<DatasetReport.Task> tasks = new ArrayList<>();
        manifest.templates().byTask().forEach((task, templates) -> {
            List<Long> examples = splits.names().stream()
                    .map(split -> manifest.tasks(split).get(task))
                    .toList();
            tasks.add(new DatasetReport.Task(
                    task, examples, templates.stream().map(this::template).toList()));
        });
        return tasks;
    }

    private DatasetReport.Template template(PromptTemplate template) {
        return new DatasetReport.Template(
                template.name(), manifest.examplesOf(template), counts(Tally.Kind.SKIPPED, template.id()));
    }

    private Optional<DatasetReport.Tokens> tokens() {
        ExampleLengths lengths = manifest.lengths();
        if (!lengths.countsTokens()) {
            return Optional.empty();
        }
        Map<String, Long> over = new LinkedHashMap<>();
        manifest.templates().byTask().keySet().forEach(task -> over.put(task, tally.total(Tally.Kind.TOO_LONG, task)));
        return Optional.of(new DatasetReport.Tokens(
                Redaction.text(lengths.tokenizerUri()), lengths.maxLength(), lengths(Tally.Unit.TOKENS), over));
    }

    /** In the tasks' order, without those that have no example; all with the same classes, so that they compare. */
    private List<Lengths> lengths(Tally.Unit unit) {
        Map<String, LengthHistogram> counted = tally.lengths(unit);
        List<Long> ends = ends(counted.values());
        List<Lengths> list = new ArrayList<>();
        for (String task : manifest.templates().byTask().keySet()) {
            LengthHistogram lengths = counted.get(task);
            if (lengths != null) {
                Map<Long, Long> histogram = new TreeMap<>(lengths.classes());
                ends.forEach(end -> histogram.putIfAbsent(end, 0L));
                list.add(new Lengths(
                        task,
                        lengths.count(),
                        lengths.mean(),
                        lengths.percentile(0.5),
                        lengths.percentile(0.9),
                        lengths.percentile(0.99),
                        lengths.longest(),
                        histogram));
            }
        }
        return list;
    }

    /** Of every class between the shortest length and the longest. */
    private static List<Long> ends(Collection<LengthHistogram> counted) {
        List<Long> ends = new ArrayList<>();
        counted.stream()
                .mapToLong(lengths -> lengths.classes().firstKey())
                .min()
                .ifPresent(ends::add);
        long last = counted.stream()
                .mapToLong(lengths -> lengths.classes().lastKey())
                .max()
                .orElse(0);
        while (!ends.isEmpty() && ends.get(ends.size() - 1) < last) {
            ends.add(LengthHistogram.end(ends.get(ends.size() - 1) + 1));
        }
        return ends;
    }

    private DatasetReport.Leaks leaks() {
        List<DatasetReport.Shared> pairs = new ArrayList<>();
        manifest.leaks()
                .shared()
                .forEach((pair, shared) -> pairs.add(
                        new DatasetReport.Shared(pair, shared.get("id"), shared.get("group"), shared.get("example"))));
        return new DatasetReport.Leaks(
                pairs, Optional.ofNullable(manifest.leaks().near()));
    }
}
