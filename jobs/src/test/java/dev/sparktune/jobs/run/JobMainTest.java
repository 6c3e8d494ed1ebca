package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobMainTest {
    private static final Job COPY = new Job(
            "copy",
            "Copies nothing.",
            Set.of("output", "input"),
            false,
            false,
            settings -> settings.output() + "/copy",
            settings -> settings.input().path(),
            settings -> {});

    @TempDir
    Path root;

    private final PrintStream realErr = System.err;
    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
        System.setErr(realErr);
        System.setOut(realOut);
    }

    @Test
    void metricsComeLastSayEverythingAndHoldNoSecret() throws Exception {
        Path input = Files.writeString(root.resolve("reviews.txt"), "one");
        Path config = config("input: {path: %s, options: {password: hush}}".formatted(input));

        JobMain.run(COPY, new String[] {"--config", config.toString()}, this::one);

        JsonNode metrics =
                new ObjectMapper().readTree(root.resolve("copy/metrics.json").toFile());
        assertThat(metrics.fieldNames())
                .toIterable()
                .containsExactly(
                        "schema_version",
                        "job",
                        "version",
                        "config",
                        "environment",
                        "inputs",
                        "started",
                        "seconds",
                        "counts",
                        "metrics");
        assertThat(metrics.at("/counts/rows").asLong()).isEqualTo(1);
        assertThat(metrics.at("/config/input/format").asText()).isEqualTo("parquet");
        assertThat(metrics.toString()).doesNotContain("hush");
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("1 row" + System.lineSeparator());
    }

    @Test
    void aRerunIsUpToDateAndAnotherInputIsRefused() throws Exception {
        Path input = Files.writeString(root.resolve("reviews.txt"), "one");
        String[] args = {
            "--config", config("input: {path: %s}".formatted(input)).toString()
        };
        JobMain.run(COPY, args, this::one);

        JobMain.run(COPY, args, job -> {
            throw new AssertionError("must not run again");
        });
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is up to date");

        Files.writeString(input, "another");
        assertThatThrownBy(() -> JobMain.run(COPY, args, this::one))
                .isInstanceOfSatisfying(SparkUserAppException.class, e -> assertThat(e.exitCode())
                        .isEqualTo(1));
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("finished output of other settings or inputs");
    }

    @Test
    void aFailureLeavesNothingThatLooksFinished() throws IOException {
        Path input = Files.writeString(root.resolve("reviews.txt"), "one");
        String[] args = {
            "--config", config("input: {path: %s}".formatted(input)).toString()
        };

        int code = JobMain.exitCode(COPY, args, job -> {
            throw new JobFailure("no such column: stars");
        });

        assertThat(code).isEqualTo(1);
        assertThat(root.resolve("copy")).doesNotExist();
        assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("sparktune copy: no such column: stars\n");
    }

    @Test
    void whatATaskFailedOfIsOneLineToo() throws IOException {
        Path input = Files.writeString(root.resolve("reviews.txt"), "one");
        String[] args = {
            "--config", config("input: {path: %s}".formatted(input)).toString()
        };

        int code = JobMain.exitCode(COPY, args, job -> {
            job.spark().range(1).javaRDD().foreach(row -> {
                throw new JobFailure("no such model: m");
            });
            return one(job);
        });

        assertThat(code).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).endsWith("sparktune copy: no such model: m\n");
    }

    @Test
    void wrongUsageIsExitCode2AndOneLine() throws IOException {
        Path config = config("input: {path: /nowhere}");

        assertThat(JobMain.exitCode(COPY, new String[] {}, this::one)).isEqualTo(2);
        assertThat(JobMain.exitCode(COPY, new String[] {"--config", "/no/such.yaml"}, this::one))
                .isEqualTo(2);
        assertThat(JobMain.exitCode(COPY, new String[] {"--config", config.toString(), "--set", "inptu=1"}, this::one))
                .isEqualTo(2);
        assertThat(JobMain.exitCode(COPY, new String[] {"--config", config.toString()}, this::one))
                .isEqualTo(1);
        String bucket = "input.path=s3a://KEY:SECRET@bucket/reviews"; // hadoop-aws is not there
        assertThat(JobMain.exitCode(COPY, new String[] {"--config", config.toString(), "--set", bucket}, this::one))
                .isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("sparktune")))
                .containsExactly(
                        "sparktune copy: Missing required option: '--config=URI'; --help lists the options and settings",
                        "sparktune copy: --config /no/such.yaml: no such file",
                        "sparktune copy: inptu: unknown key; the nearest known one is input (--set inptu=1)",
                        "sparktune copy: /nowhere: no such file or directory",
                        "sparktune copy: s3a://*********(redacted)@bucket/reviews: this Spark lacks the library for s3a:// (Class"
                                + " org.apache.hadoop.fs.s3a.S3AFileSystem not found); spark-submit --packages adds one");
        assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("SECRET");
    }

    @Test
    void helpListsTheKeysOfTheJobOnly() throws Exception {
        JobMain.run(COPY, new String[] {"--help"}, this::one);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("Usage: sparktune copy")
                .contains("output  <string>  (required)")
                .doesNotContain("train.seed");
    }

    @Test
    void aSingleKeyOfASectionIsReadAndItsValueIsAnotherIdentity() throws Exception {
        Job copy = new Job(
                "copy",
                "Copies nothing.",
                Set.of("output", "privacy.examples"),
                false,
                false,
                settings -> settings.output() + "/copy",
                settings -> List.of(),
                settings -> {});
        String config = config("").toString();

        JobMain.run(copy, new String[] {"--help"}, this::one);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("privacy.examples  <true or false>")
                .doesNotContain("privacy.group_id");
        JobMain.run(copy, new String[] {"--config", config}, this::one);
        assertThat(new ObjectMapper()
                        .readTree(root.resolve("copy/metrics.json").toFile())
                        .get("config")
                        .toString())
                .isEqualTo("{\"output\":\"" + root + "\",\"privacy\":{\"examples\":true}}");
        String[] groups = {"--config", config, "--set", "privacy.group_id=none"};
        assertThat(JobMain.exitCode(copy, groups, this::one)).isEqualTo(0);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is up to date");
        String[] examples = {"--config", config, "--set", "privacy.examples=false"};
        assertThat(JobMain.exitCode(copy, examples, this::one)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("finished output of other settings or inputs");
    }

    @Test
    void whatOnlySparkCanTellIsAskedBeforeAnOutputIsUpToDate() throws Exception {
        List<String> rows = new ArrayList<>(List.of("1", "2"));
        Job copy = new Job(
                "copy",
                "Copies nothing.",
                Set.of("output"),
                false,
                false,
                settings -> settings.output() + "/copy",
                settings -> List.of(),
                null,
                (settings, spark) -> List.of(spark.get().range(rows.size()).count() + " rows"),
                settings -> {});
        String[] args = {"--config", config("").toString()};

        JobMain.run(copy, args, this::one);
        JobMain.run(copy, args, job -> {
            throw new AssertionError("must not run again");
        });
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("is up to date");
        assertThat(SparkSession.getActiveSession()
                        .exists(spark -> !spark.sparkContext().isStopped()))
                .as("a session is left running")
                .isFalse();

        rows.add("3");
        assertThat(JobMain.exitCode(copy, args, this::one)).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("finished output of other settings or inputs");
    }

    @Test
    void aDryRunPrintsTheSettingsAndWritesNothing() throws Exception {
        Path config = config("input: {path: /nowhere}");

        JobMain.run(COPY, new String[] {"--config", config.toString(), "--dry-run"}, this::one);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("\"format\" : \"parquet\"")
                .contains("would write");
        assertThat(root).isDirectoryNotContaining("glob:**copy{,.__partial}");
    }

    @Test
    void otherSparksAreRefusedByName() {
        Platform.check("3.5.9", "2.12.18");
        assertThatThrownBy(() -> Platform.check("4.0.1", "2.13.16"))
                .hasMessage("sparktune needs Spark 3.5 with Scala 2.12, but this is Spark 4.0.1 with Scala 2.13.16");
    }

    private JobResult one(JobContext job) {
        return new JobResult(Map.of("rows", 1L), Map.of("ids", List.of("a")), "1 row");
    }

    private Path config(String yaml) throws IOException {
        return Files.writeString(root.resolve("copy.yaml"), "output: " + root + "\n" + yaml + "\n");
    }
}
