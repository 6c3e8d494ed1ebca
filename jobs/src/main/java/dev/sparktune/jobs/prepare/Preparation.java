package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;

import dev.sparktune.example.ExampleForm;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.report.dataset.DatasetPage;
import dev.sparktune.report.dataset.DatasetReport;
import dev.sparktune.split.SplitFractions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The job's body: its named steps. */
public final class Preparation {
    private static final String UNREADABLE = "the input cannot be read";
    private static final int MOST_FILES_NAMED = 20;
    /** Their hashes are counted off in memory: 80 MB. */
    private static final long MOST_ROWS_OF_EXACT_SPLIT = 10_000_000;

    private static final int MOST_PARTS = 100;

    private final JobContext job;
    private final Settings settings;
    private final SplitRule frozen;
    private final TemplateSet templates;
    private final GroupKey groupKey;
    private final ExampleLengths lengths;

    private Preparation(JobContext job) throws IOException {
        this.job = job;
        this.settings = job.settings();
        this.groupKey = GroupKey.of(settings.privacy(), System.getenv(), job.locations());
        this.frozen = SplitRule.frozen(settings.split(), job.locations());
        this.templates = TemplateSet.read(
                "templates", TemplateSet.resolved(settings.templates(), settings.input()), job.locations());
        this.lengths = ExampleLengths.of(job.spark(), settings.examples(), settings.train());
    }

    /** What can be said before any input is looked at. */
    public static void check(Settings settings) {
        InputTable.check(settings.input(), settings.clean());
        TemplateSet.check(settings.templates(), settings.input());
        GroupKey.check(settings.privacy());
        SplitSettings split = settings.split();
        SplitFractions fractions;
        try {
            fractions = SplitFractions.of(split.fractions());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("split.fractions: " + e.getMessage());
        }
        split.sizes().forEach((name, size) -> {
            if (!fractions.names().contains(name) || name.equals(SplitPlan.TRAIN)) {
                throw new SettingsException("split.sizes." + name + ": only an evaluation split of split.fractions "
                        + fractions.names() + " can have an exact size");
            }
            if (size < 1 || size > MOST_ROWS_OF_EXACT_SPLIT) {
                throw new SettingsException(
                        "split.sizes." + name + ": must be from 1 to " + MOST_ROWS_OF_EXACT_SPLIT + ", but is " + size);
            }
        });
        split.quantiles().forEach((column, parts) -> {
            if (!split.stratify().contains(column)) {
                throw new SettingsException(
                        "split.quantiles." + column + ": is not among split.stratify " + split.stratify());
            }
            if (parts < 2 || parts > MOST_PARTS) {
                throw new SettingsException(
                        "split.quantiles." + column + ": must be from 2 to " + MOST_PARTS + ", but is " + parts);
            }
        });
        if (!split.nearDuplicates().isEmpty() && !fractions.names().contains(SplitPlan.TRAIN)) {
            throw new SettingsException("split.near_duplicates: there is no split '" + SplitPlan.TRAIN
                    + "' in split.fractions " + fractions.names() + " for near-duplicates to leave");
        }
    }

    public static JobResult run(JobContext job) throws Exception {
        return new Preparation(job).run();
    }

    private JobResult run() throws Exception {
        InputTable table = job.stage("check columns and templates", this::checkedTable);
        SplitPlan plan = job.stage(
                "count strata and assign buckets",
                () -> SourceTable.analysed(
                        UNREADABLE,
                        () -> SplitPlan.of(
                                table,
                                settings.split(),
                                RenderedBytes.of(table, templates),
                                frozen == null ? null : frozen.map())));
        PlacedTable placed = PlacedTable.of(table, plan);
        Map<String, Integer> tasks = tasksToCount();
        try (SetAside aside = new SetAside(placed, settings)) {
            if (aside.looksForNearDuplicates()) {
                job.stage("find near-duplicates", aside::findNearDuplicates);
            }
            Map<String, Long> sizes =
                    frozen != null ? Map.of() : settings.split().sizes();
            Quotas quotas = sizes.isEmpty() && tasks.isEmpty()
                    ? Quotas.NONE
                    : job.stage(
                            "count off sizes and mixture",
                            () -> Quotas.count(placed, aside.marks(), templates, sizes, tasks));
            MixtureRule mixture = MixtureRule.of(
                    settings.mixture(), templates.byTask(), plan.map().salt(), quotas.tasks());
            if (mixture.missing() > 0) {
                System.err.printf(
                        Locale.ROOT,
                        "prepare: mixture.size: %,d examples fewer than that, as no task has more%n",
                        mixture.missing());
            }
            SplitRule rule =
                    new SplitRule(plan.map(), table.cuts(), frozen != null ? frozen.sizes() : quotas.sizes(sizes));
            return write(table, placed, aside, rule, mixture);
        }
    }

    private InputTable checkedTable() throws Exception {
        InputTable read = InputTable.read(job.spark(), settings.input(), settings.clean(), settings.split());
        return SourceTable.analysed(UNREADABLE, () -> {
            report(read);
            ColumnCheck.check(
                    read.rows().where(col(InputTable.REASON).isNull()),
                    read.columns(),
                    templates,
                    (template, row) -> template.render(row, 0),
                    "input.columns");
            return read.cutAt(
                    frozen != null
                            ? frozen.cuts()
                            : Strata.cuts(read, settings.split().quantiles()),
                    settings.split().stratify());
        });
    }

    /** What of the input is not used. */
    private static void report(InputTable read) {
        read.badFiles().stream()
                .limit(MOST_FILES_NAMED)
                .forEach(file -> System.err.println("prepare: left out " + Redaction.text(file.toString())));
        if (read.badFiles().size() > MOST_FILES_NAMED) {
            System.err.println("prepare: left out " + (read.badFiles().size() - MOST_FILES_NAMED)
                    + " files more; manifest.json names them all");
        }
        if (read.exclusion() != null) {
            System.err.printf(
                    Locale.ROOT,
                    "prepare: input.exclude: %,d ids, %,d of them in no row of the input%n",
                    read.exclusion().ids(),
                    read.exclusion().notFound());
        }
    }

    private Map<String, Integer> tasksToCount() {
        try {
            return MixtureRule.toCount(settings.mixture(), templates.byTask().keySet());
        } catch (IllegalArgumentException e) {
            throw new JobFailure("mixture: " + e.getMessage(), e);
        }
    }

    private JobResult write(InputTable table, PlacedTable placed, SetAside aside, SplitRule rule, MixtureRule mixture)
            throws Exception {
        List<ExampleForm> forms = forms();
        RecordRenderer renderer = new RecordRenderer(
                table.columns(),
                templates,
                rule.map(),
                rule.sizes(),
                mixture,
                groupKey,
                lengths,
                settings.input().source(),
                settings.privacy().examples());
        FileSystem fileSystem = job.outputFileSystem();
        RenderedFiles.clear(fileSystem, job.output());
        RenderedFiles written = job.stage(
                "render and write",
                () -> RenderedFiles.write(placed, aside.marks(), renderer, forms, fileSystem, job.output()));
        LeakReport leaks = job.stage(
                "look for leaks between splits",
                () -> LeakReport.of(
                        job.spark(),
                        new Path(job.output(), RenderedFiles.KEYS),
                        rule.map().fractions().names(),
                        aside.nearDuplicates()));
        fileSystem.delete(new Path(job.output(), RenderedFiles.KEYS), true);
        Manifest manifest = new Manifest(
                JobMain.version(),
                source(table),
                templates,
                rule,
                forms,
                written.files(),
                written.tally(),
                lengths,
                leaks);
        write(fileSystem, new Path(job.output(), Manifest.FILE), manifest.toJson());
        write(fileSystem, new Path(job.output(), DatasetCard.FILE), DatasetCard.of(manifest));
        write(
                fileSystem,
                new Path(job.output(), PreparationReport.FILE),
                job.stage("write the report", () -> DatasetPage.render(report(manifest))));
        return result(manifest);
    }

    private DatasetReport report(Manifest manifest) throws IOException {
        Optional<DatasetReport.Samples> samples = settings.privacy().examples()
                ? Optional.of(
                        ShownExamples.of(manifest, job.spark().sessionState().newHadoopConf(), job.output()))
                : Optional.empty();
        return PreparationReport.of(manifest, samples, Provenance.of(job));
    }

    private List<ExampleForm> forms() {
        return Stream.of(ExampleForm.values())
                .filter(form -> form == ExampleForm.PROMPT_COMPLETION
                        || settings.examples().also().contains(form.key()))
                .toList();
    }

    private Manifest.Source source(InputTable table) throws IOException {
        InputSettings input = settings.input();
        List<String> files = new ArrayList<>();
        for (String path : input.path()) {
            files.addAll(job.locations().fingerprint(path));
        }
        return new Manifest.Source(
                input.source(), input.license(), input.table(), files, table.badFiles(), table.exclusion());
    }

    private JobResult result(Manifest manifest) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rows", manifest.rows());
        counts.put("kept", manifest.kept());
        counts.put("quarantined", manifest.quarantined());
        counts.put("reserve", manifest.tally().total(Tally.Kind.RESERVE));
        counts.put("excluded", manifest.tally().total(Tally.Kind.EXCLUDED));
        counts.put("examples", manifest.examples());
        counts.put("skipped_renderings", manifest.skipped());
        manifest.tooLong().ifPresent(tooLong -> counts.put("over_max_length", tooLong));
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("splits", manifest.splits());
        metrics.put("quarantined", manifest.quarantinedByReason());
        metrics.put("cleaned", manifest.cleaned());
        metrics.put("bad_files", manifest.source().badFiles());
        metrics.put("exclusion", manifest.source().exclusion());
        metrics.put("skipped_renderings", manifest.skippedByTemplate());
        metrics.put("lengths", manifest.lengthsAsJson());
        metrics.put("balance", manifest.balance());
        metrics.put("leaks", manifest.leaks());
        return new JobResult(
                counts,
                metrics,
                summary(manifest) + "\nreport: "
                        + Redaction.text(settings.output() + "/data/" + PreparationReport.FILE));
    }

    private static String summary(Manifest manifest) {
        StringBuilder summary = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d rows: %,d kept, %,d in quarantine; %,d examples, %,d renderings skipped%n",
                manifest.rows(),
                manifest.kept(),
                manifest.quarantined(),
                manifest.examples(),
                manifest.skipped()));
        for (String split : manifest.map().fractions().names()) {
            summary.append(String.format(
                    Locale.ROOT,
                    "%-12s %,12d rows %,12d examples%n",
                    split,
                    manifest.tally().total(Tally.Kind.KEPT, split),
                    manifest.tally().total(Tally.Kind.EXAMPLES, split)));
        }
        manifest.tooLong()
                .ifPresent(tooLong -> summary.append(String.format(
                        Locale.ROOT,
                        "%,d of %,d examples have more tokens than train.max_length (%,d)%n",
                        tooLong,
                        manifest.examples(),
                        manifest.lengths().maxLength())));
        return summary.append(String.format(
                        Locale.ROOT,
                        "strata miss their shares by %.2f %% (root mean square)",
                        100 * manifest.balance().rms()))
                .toString();
    }

    private static void write(FileSystem fileSystem, Path file, String text) throws IOException {
        try (FSDataOutputStream out = fileSystem.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
