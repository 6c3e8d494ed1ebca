package dev.sparktune.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrackingSettings;
import dev.sparktune.train.TrainingListener;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MlflowTrackingTest {
    @TempDir
    Path directory;

    @Test
    void aServerThatIsDownIsWarnedOfOnceAndAtTheEndWhatItWasNotTold() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort(); // nobody listens there when it is closed
        }
        List<String> said = new CopyOnWriteArrayList<>();
        try (MlflowTracking tracking = tracking("http://127.0.0.1:" + port, Map.of(), said)) {
            for (int step = 1; step <= 3; step++) {
                tracking.onLog(line(step));
            }
            tracking.finish(Map.of("final/eval_loss", 1.5), List.of("README.md"));
        }

        assertThat(said).hasSize(2);
        assertThat(said.get(0))
                .startsWith("warning: MLflow at http://127.0.0.1:" + port + " cannot be told: ")
                .contains("Connection refused")
                .endsWith("; the run goes on, and it is tried again with every line of the log");
        assertThat(said.get(1))
                .startsWith(
                        "warning: MLflow at http://127.0.0.1:" + port
                                + " was not told 19 values of metrics, 1 files [README.md], the parameters, how the run ended: ");
    }

    @Test
    void parametersThatAreRefusedMakeNoSecondRunAndKeepNothingElseFromTheServer() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>();
        try (SmallMlflow server = new SmallMlflow(6)) {
            try (MlflowTracking tracking = tracking(server.uri(), Map.of("train.seed", "42"), said)) {
                tracking.onLog(line(1));
                tracking.onLog(line(2));
                tracking.finish(Map.of(), List.of());
            }

            assertThat(server.runs).hasValue(1);
            assertThat(server.losses).containsExactly(2.25, 2.25);
            assertThat(server.parameters).containsExactly(Map.entry("train.seed", "42"));
        }
        assertThat(said).hasSize(2);
        assertThat(said.get(0)).contains("cannot be told", "no such parameters");
        assertThat(said.get(1)).startsWith("told MLflow: ").endsWith("/#/experiments/1/runs/r1");
    }

    @Test
    void parametersThatAreNeverTakenAreNamedAtTheEnd() throws IOException {
        List<String> said = new CopyOnWriteArrayList<>();
        try (SmallMlflow server = new SmallMlflow(Integer.MAX_VALUE)) {
            try (MlflowTracking tracking = tracking(server.uri(), Map.of("train.seed", "42"), said)) {
                tracking.onLog(line(1));
                tracking.finish(Map.of(), List.of());
            }

            assertThat(server.runs).hasValue(1);
            assertThat(server.losses).containsExactly(2.25);
        }
        assertThat(said.get(1)).contains(" was not told the parameters: ").contains("no such parameters");
    }

    @Test
    void parametersHaveTheNamesOfTheSettingsAndNoSecrets() {
        assertThat(RunParameters.of(Map.of(
                        "data",
                        "https://user:secret@host/data",
                        "train",
                        Map.of("learning_rate", 5e-4, "tasks", List.of("a", "b"), "workers", Map.of()))))
                .containsOnly(
                        Map.entry("data", "https://*********(redacted)@host/data"),
                        Map.entry("train.learning_rate", "5.0E-4"),
                        Map.entry("train.tasks", "[\"a\",\"b\"]"));
    }

    @Test
    void resultsAreNamedByTaskShotsAndMetric() {
        Map<String, Object> result = Map.of(
                "task", "rating, one word", "shots", 2, "metric", "acc", "value", 0.5, "low", 0.25, "high", 0.75);
        assertThat(RunMetrics.results(List.of(result)))
                .containsOnly(
                        Map.entry("rating_ one word/2-shot/acc", 0.5),
                        Map.entry("rating_ one word/2-shot/acc_low", 0.25),
                        Map.entry("rating_ one word/2-shot/acc_high", 0.75));
        assertThat(RunMetrics.numbers("final", Map.of("steps", 3, "stopped_early", false)))
                .containsOnly(Map.entry("final/steps", 3.0));
    }

    @Test
    void aServerThatCannotBeOneIsRefused() {
        assertThatThrownBy(() -> new TrackingSettings("databricks", "e", null).check())
                .isInstanceOf(SettingsException.class)
                .hasMessage("tracking.mlflow_uri must be http://HOST:PORT or https://HOST:PORT, but is 'databricks'");
        assertThatThrownBy(() -> new TrackingSettings("http://me:secret@host:5000", "e", null).check())
                .hasMessage(
                        "tracking.mlflow_uri must not hold a user or password; give them in MLFLOW_TRACKING_USERNAME"
                                + " and MLFLOW_TRACKING_PASSWORD");
    }

    private MlflowTracking tracking(String uri, Map<String, String> parameters, List<String> said) throws IOException {
        return new MlflowTracking(
                "finetune",
                new MlflowServer(uri, Map.of()),
                new MlflowRun("e", "r", parameters),
                FileSystem.getLocal(new Configuration()),
                new org.apache.hadoop.fs.Path(directory.toUri()),
                said::add);
    }

    private static TrainingListener.LogLine line(int step) {
        return new TrainingListener.LogLine(step, 0.5, 2.25, 1.5, 1e-3, 12345, 800.5);
    }
}
