package dev.sparktune.jobs.prepare;

import static org.apache.spark.sql.functions.col;

import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.SplitSettings;
import dev.sparktune.split.BucketMap;
import dev.sparktune.split.SplitFractions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The job's body: its named steps. */
public final class Preparation {
    private Preparation() {}

    /** What can be said before any input is looked at. */
    public static void check(Settings settings) {
        InputTable.check(settings.input(), settings.clean());
        TemplateSet.check(settings.templates(), settings.input());
        GroupKey.check(settings.privacy());
        try {
            SplitFractions.of(settings.split().fractions());
        } catch (IllegalArgumentException e) {
            throw new SettingsException("split.fractions: " + e.getMessage());
        }
    }

    public static JobResult run(JobContext job) throws Exception {
        Settings settings = job.settings();
        SplitSettings split = settings.split();
        GroupKey groupKey = GroupKey.of(settings.privacy(), System.getenv(), job.locations());
        BucketMap frozen = SplitPlan.frozen(split, job.locations());
        TemplateSet templates = TemplateSet.read(
                "templates", TemplateSet.resolved(settings.templates(), settings.input()), job.locations());
        InputTable table = job.stage("check columns and templates", () -> {
            InputTable read = InputTable.read(job.spark(), settings.input(), settings.clean(), split);
            return SourceTable.analysed("the input cannot be read", () -> {
                ColumnCheck.check(
                        read.rows().where(col(InputTable.REASON).isNull()),
                        read.columns(),
                        templates,
                        (template, row) -> template.render(row, 0),
                        "input.columns");
                return read;
            });
        });
        SplitPlan plan = job.stage(
                "count strata and assign buckets",
                () -> SourceTable.analysed("the input cannot be read", () -> SplitPlan.of(table, split, frozen)));
        RecordRenderer renderer = new RecordRenderer(
                table.columns(),
                templates,
                plan.map(),
                groupKey,
                settings.input().source());
        FileSystem fileSystem = job.outputFileSystem();
        RenderedFiles.clear(fileSystem, job.output());
        RenderedFiles written = job.stage(
                "render and write",
                () -> RenderedFiles.write(table, plan, renderer, templates.all().size(), fileSystem, job.output()));
        Manifest manifest =
                new Manifest(JobMain.version(), source(job), templates, plan.map(), written.files(), written.tally());
        write(fileSystem, new Path(job.output(), Manifest.FILE), manifest.toJson());
        write(fileSystem, new Path(job.output(), DatasetCard.FILE), DatasetCard.of(manifest));
        return result(manifest);
    }

    private static Manifest.Source source(JobContext job) throws IOException {
        List<String> files = new ArrayList<>();
        for (String path : job.settings().input().path()) {
            files.addAll(job.locations().fingerprint(path));
        }
        return new Manifest.Source(
                job.settings().input().source(), job.settings().input().license(), files);
    }

    private static JobResult result(Manifest manifest) {
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("rows", manifest.rows());
        counts.put("kept", manifest.kept());
        counts.put("quarantined", manifest.quarantined());
        counts.put("examples", manifest.examples());
        counts.put("skipped_renderings", manifest.skipped());
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("splits", manifest.splits());
        metrics.put("quarantined", manifest.quarantinedByReason());
        metrics.put("skipped_renderings", manifest.skippedByTemplate());
        metrics.put("balance", manifest.balance());
        return new JobResult(counts, metrics, summary(manifest));
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
