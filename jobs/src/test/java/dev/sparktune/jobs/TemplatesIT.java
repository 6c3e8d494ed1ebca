package dev.sparktune.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.testing.SparkSubmit;
import dev.sparktune.jobs.testing.SparkSubmit.Outcome;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.testing.Shared;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code templates} as users start it: by the script, which must answer at once, and by spark-submit. */
class TemplatesIT {
    /** The machine may be busy: the fastest of a few runs counts. */
    private static final int TRIES = 5;

    /** On a machine that has nothing else to do; one with three times as much to do as it has cores gets three times as long. */
    private static final double AT_ONCE_SECONDS = 1;

    @TempDir
    Path directory;

    @Test
    void everyCommandAnswersWithinASecond() throws Exception {
        Path table = Shared.require("data/amazon/parquet");
        Path library = Shared.require("promptsource/templates");
        Path rows = Files.writeString(
                directory.resolve("rows.jsonl"),
                "{\"review_body\": \"Good.\", \"star_rating\": 5, \"product_title\": \"Lamp\", \"review_headline\": \"Yes\"}\n"
                        .repeat(100));

        assertThat(fastest("list")).isLessThan(atOnce());
        assertThat(fastest("list", "--library", library.toString())).isLessThan(atOnce());
        assertThat(fastest("show", "--dataset", "reviews", "--table", table.toString()))
                .isLessThan(atOnce());
        assertThat(fastest("lint", "--library", library.toString())).isLessThan(atOnce());
        assertThat(fastest("render", "--dataset", "reviews", "--rows", rows.toString()))
                .isLessThan(atOnce());
    }

    @Test
    void theScriptPassesOnTheExitCode() throws Exception {
        assertThat(script("lst")).isEqualTo(2);
        assertThat(script("list", "--library", directory.resolve("none").toString()))
                .isEqualTo(1);
    }

    @Test
    void sparkSubmitStartsItWithTheJarAlone() throws Exception {
        Outcome list = SparkSubmit.in(directory).run("Templates", "list", "--dataset", "reviews");
        assertThat(list.exitCode()).as(list.stderr()).isZero();
        assertThat(list.stdout()).startsWith("data set").contains("reviews   rate ");

        Outcome wrong = SparkSubmit.in(directory).run("Templates", "lst");
        assertThat(wrong.exitCode()).as(wrong.stderr()).isEqualTo(2);
        assertThat(wrong.stderr()).contains("the nearest is list");
    }

    private double fastest(String... args) throws Exception {
        double fastest = Double.POSITIVE_INFINITY;
        for (int run = 0; run < TRIES && fastest > atOnce(); run++) {
            long start = System.nanoTime();
            assertThat(script(args)).isZero();
            fastest = Math.min(fastest, (System.nanoTime() - start) / 1e9);
        }
        return fastest;
    }

    private static double atOnce() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return AT_ONCE_SECONDS * Math.max(1, load / Runtime.getRuntime().availableProcessors());
    }

    private int script(String... args) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(ProjectRoot.resolve("scripts/sparktune").toString(), "templates"));
        command.addAll(List.of(args));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("SPARK_HOME");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).doesNotContain("\tat ");
        return process.waitFor();
    }
}
