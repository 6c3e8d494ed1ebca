package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.SettingsReference;
import dev.sparktune.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;

/** Runs one job from its arguments to its exit code: 0, 1 for a failure, 2 for wrong usage or settings. */
public final class JobMain {
    private static final int SCHEMA_VERSION = 1;
    private static final int MAX_CONFIG_BYTES = 1 << 20;

    private final Job job;
    private final JobArguments arguments;
    private final SparkConf sparkConf;
    private final Locations locations;
    /** Null until it is needed. */
    private SparkSession spark;

    private JobMain(Job job, JobArguments arguments, SparkConf sparkConf) {
        this.job = job;
        this.arguments = arguments;
        this.sparkConf = sparkConf;
        this.locations = new Locations(SparkHadoopUtil.get().newConfiguration(sparkConf));
    }

    /** What every job's {@code main} calls. Throws SparkUserAppException, which spark-submit turns into its exit code. */
    public static void run(Job job, String[] args, Job.Body body) throws SparkUserAppException {
        run(job, args, body, Job.Rehearsal.NONE);
    }

    /**
     * The same for a job that can say more without doing its work than what its settings are.
     *
     * @param rehearsal what it does for {@code --dry-run}, in place of its work; writes nothing below its output
     */
    public static void run(Job job, String[] args, Job.Body body, Job.Rehearsal rehearsal)
            throws SparkUserAppException {
        int exitCode = exitCode(job, args, body, rehearsal);
        if (exitCode != 0) {
            throw new SparkUserAppException(exitCode);
        }
    }

    static int exitCode(Job job, String[] args, Job.Body body) {
        return exitCode(job, args, body, Job.Rehearsal.NONE);
    }

    static int exitCode(Job job, String[] args, Job.Body body, Job.Rehearsal rehearsal) {
        try {
            Platform.check();
            JobArguments arguments = JobArguments.parse(job, args);
            if (arguments.helpShown()) {
                return 0;
            }
            SparkConf sparkConf = new SparkConf();
            ShippedDefaults.apply(sparkConf);
            ExecutorFlags.apply(sparkConf, job);
            DriverLink.addTo(sparkConf);
            JobMain main = new JobMain(job, arguments, sparkConf);
            try {
                main.run(body, rehearsal);
            } finally {
                main.stop();
            }
            return 0;
        } catch (SettingsException e) {
            complain(job, e.getMessage());
            return 2;
        } catch (JobFailure | IOException | UncheckedIOException | AnalysisException e) {
            complain(job, e.getMessage());
            return 1;
        } catch (Exception e) {
            Throwable said = saidByExecutor(e);
            if (JobFailure.isSaidByMessage(said)) {
                complain(job, said.getMessage());
                return 1;
            }
            complain(job, e.toString());
            e.printStackTrace(); // not foreseen: whoever mends it needs the place
            return 1;
        }
    }

    /** What a task threw, without the pages of stages that Spark puts around it. */
    private static Throwable saidByExecutor(Exception e) {
        Throwable cause = e;
        while (cause instanceof SparkException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static void complain(Job job, String message) {
        System.err.println("sparktune " + job.name() + ": " + Redaction.text(message));
    }

    private void run(Job.Body body, Job.Rehearsal rehearsal) throws Exception {
        Settings settings = settings();
        job.check().check(settings);
        List<String> inputs = job.inputs().apply(settings);
        String outputUri = job.output().apply(settings);
        if (arguments.dryRun()) {
            System.out.println(Json.write(Redaction.tree(config(settings))));
            System.out.println("would write " + Redaction.text(outputUri));
            if (rehearsal != Job.Rehearsal.NONE) {
                rehearse(rehearsal, settings, inputs, locations.path(outputUri));
            }
            return;
        }
        Map<String, List<String>> fingerprint = new LinkedHashMap<>();
        for (String input : inputs) {
            fingerprint.put(input, locations.fingerprint(input));
        }
        String identity = identity(settings, fingerprint);
        Path target = locations.path(outputUri);
        OutputDirectory output = new OutputDirectory(locations.fileSystem(target), target, job.companion());
        if (!arguments.overwrite() && output.isUpToDate(identity)) {
            System.err.println(job.name() + ": " + Redaction.text(target.toString()) + " is up to date");
            return;
        }
        try (Lease lease = lease(output)) {
            OutputDirectory.State state = open(output, identity);
            if (state == OutputDirectory.State.UP_TO_DATE) { // by a run that was waited for
                System.err.println(job.name() + ": " + Redaction.text(target.toString()) + " is up to date");
                return;
            }
            work(body, settings, fingerprint, output, lease, state == OutputDirectory.State.UNFINISHED);
        }
    }

    private void rehearse(Job.Rehearsal rehearsal, Settings settings, List<String> inputs, Path output)
            throws Exception {
        for (String input : inputs) {
            locations.fingerprint(input); // is it there?
        }
        rehearsal.run(new JobContext(job.name(), session(), settings, locations, output, false));
    }

    private SparkSession session() {
        if (spark == null) {
            spark = SparkSession.builder()
                    .appName("sparktune " + job.name())
                    .config(sparkConf)
                    .getOrCreate();
            spark.sparkContext().addSparkListener(new TaskProgress(job.name()));
        }
        return spark;
    }

    private void stop() {
        if (spark != null) {
            spark.stop();
        }
    }

    private static Lease lease(OutputDirectory output) {
        try {
            return Lease.take(output.fileSystem(), output.lease());
        } catch (IOException e) {
            throw new JobFailure(output.target() + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private OutputDirectory.State open(OutputDirectory output, String identity) {
        try {
            return output.open(identity, job.resumable(), arguments.overwrite());
        } catch (IOException e) {
            throw new JobFailure(output.target() + ": cannot be written: " + e.getMessage(), e);
        }
    }

    private void work(
            Job.Body body,
            Settings settings,
            Map<String, List<String>> fingerprint,
            OutputDirectory output,
            Lease lease,
            boolean resumed)
            throws Exception {
        Instant started = Instant.now();
        System.err.println(job.name() + ": " + (resumed ? "resuming in " : "writing ")
                + Redaction.text(output.target().toString()));
        try {
            JobResult result =
                    body.run(new JobContext(job.name(), session(), settings, locations, output.partial(), resumed));
            double seconds = ChronoUnit.MILLIS.between(started, Instant.now()) / 1e3;
            Map<String, Object> metrics = new LinkedHashMap<>();
            metrics.put("schema_version", SCHEMA_VERSION);
            metrics.put("job", job.name());
            metrics.put("version", version());
            metrics.put("config", config(settings));
            metrics.put("environment", Platform.describe(spark.sparkContext().conf()));
            metrics.put("inputs", inputs(fingerprint));
            metrics.put("started", started.truncatedTo(ChronoUnit.SECONDS).toString());
            metrics.put("seconds", seconds);
            metrics.put("counts", result.counts());
            metrics.put("metrics", result.metrics());
            lease.check();
            output.commit(Json.write(Redaction.tree(Json.tree(metrics))));
            if (!result.summary().isEmpty()) {
                System.out.println(result.summary());
            }
            System.err.println(job.name() + ": done in " + Progress.duration(seconds));
        } finally {
            stop(); // no task outlives the lease
        }
    }

    private Settings settings() throws IOException {
        String uri = arguments.config();
        String name = uri.substring(uri.lastIndexOf('/') + 1);
        String yaml;
        try {
            yaml = locations.read(uri, MAX_CONFIG_BYTES);
        } catch (JobFailure e) {
            throw new SettingsException("--config " + e.getMessage());
        }
        return Settings.read(name, yaml, arguments.sets(), job.sections());
    }

    /** What the job reads, as users write it. */
    private Map<String, Object> config(Settings settings) {
        Map<String, Object> config = new LinkedHashMap<>();
        ((Map<?, ?>) Json.tree(settings)).forEach((section, value) -> {
            if (job.sections().contains(section.toString())) {
                config.put(section.toString(), value);
            } else if (value instanceof Map<?, ?> keys) {
                Map<Object, Object> read = new LinkedHashMap<>(keys);
                read.keySet().removeIf(key -> !job.sections().contains(section + "." + key));
                if (!read.isEmpty()) {
                    config.put(section.toString(), read);
                }
            }
        });
        return config;
    }

    /** The sections that the job reads, what it names besides, its inputs' files and the format: the same identity, the same output. */
    private String identity(Settings settings, Map<String, List<String>> fingerprint) throws IOException {
        Map<String, Object> config = config(settings);
        for (SettingsReference.Key key : SettingsReference.keys()) {
            String[] name = key.name().split("\\.", 2);
            if (key.operational() && config.get(name[0]) instanceof Map<?, ?> section) {
                section.remove(name[1]);
            }
        }
        return sha256(Json.write(List.of(
                SCHEMA_VERSION,
                version(),
                job.name(),
                config,
                job.furtherIdentity().of(settings, this::session),
                fingerprint)));
    }

    private static Map<String, Object> inputs(Map<String, List<String>> fingerprint) {
        Map<String, Object> inputs = new LinkedHashMap<>();
        fingerprint.forEach((uri, files) -> inputs.put(
                Redaction.text(uri), Map.of("files", files.size(), "sha256", sha256(String.join("\n", files)))));
        return inputs;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of this program, as the jar says. */
    public static String version() {
        String version = JobMain.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
