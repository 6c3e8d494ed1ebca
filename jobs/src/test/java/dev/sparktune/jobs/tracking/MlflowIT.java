package dev.sparktune.jobs.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.jobs.FinetuneJob;
import dev.sparktune.jobs.testing.LocalSpark;
import dev.sparktune.testing.MlflowEnv;
import dev.sparktune.testing.ProjectRoot;
import dev.sparktune.train.Evaluation;
import dev.sparktune.train.TrainingListener;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** Tells a real MLflow server, and reads there what it was told. */
class MlflowIT {
    private static final Duration TO_START = Duration.ofMinutes(2);

    @TempDir
    static Path root;

    private static String uri;
    private static Process server;
    private static final List<String> SAID = new CopyOnWriteArrayList<>();

    /** The run begins before there is a server. */
    @BeforeAll
    static void startLate() throws Exception {
        Path mlflow = MlflowEnv.require();
        int port;
        try (ServerSocket socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        uri = "http://127.0.0.1:" + port;
        Files.writeString(root.resolve("README.md"), "# a card, Zoë's");
        try (MlflowTracking tracking = tracking()) {
            tracking.onStart(0, 8);
            tracking.onLog(line(2, 2.5));
            tracking.onEvaluation(new Evaluation(2, 0.25, 2.25, 0.5, 0.75, 1.5, List.of()));
            server = new ProcessBuilder(
                            mlflow.toString(),
                            "server",
                            "--host=127.0.0.1",
                            "--port=" + port,
                            "--workers=1",
                            "--backend-store-uri=sqlite:///" + root.resolve("mlflow.db"),
                            "--artifacts-destination=" + root.resolve("artifacts"))
                    .redirectErrorStream(true)
                    .redirectOutput(root.resolve("server.log").toFile())
                    .start();
            awaitServer();
            tracking.onLog(line(4, 2.0));
            // not finished: as if the job had failed
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.descendants().forEach(ProcessHandle::destroyForcibly);
            server.destroyForcibly();
        }
    }

    @Test
    void aRunIsToldWholeWhateverHappenedOnTheWay() throws Exception {
        assertThat(SAID).hasSize(2);
        assertThat(SAID.get(0)).contains("cannot be told", "Connection refused");
        assertThat(SAID.get(1)).startsWith("told MLflow: " + uri + "/#/experiments/");
        try (MlflowClient client = new MlflowClient(uri)) {
            Service.Run failed = run(client, "a run");
            assertThat(failed.getInfo().getStatus()).isEqualTo(Service.RunStatus.FAILED);

            try (MlflowTracking resumed = tracking()) {
                resumed.onStart(2, 8);
                resumed.onLog(line(4, 2.0)); // told before
                resumed.onLog(line(6, 1.5));
                resumed.finish(Map.of("final/eval_loss", 1.25), List.of("README.md"));
            }

            Service.Run finished = run(client, "a run");
            assertThat(finished.getInfo().getRunId()).isEqualTo(failed.getInfo().getRunId());
            assertThat(finished.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
            assertThat(finished.getData().getParamsList()).singleElement().satisfies(param -> assertThat(
                            param.getKey() + "=" + param.getValue())
                    .isEqualTo("train.learning_rate=5.0E-4"));
            assertThat(curve(client, finished, "loss")).containsExactly("2: 2.5", "4: 2.0", "6: 1.5");
            assertThat(curve(client, finished, "eval_loss")).containsExactly("2: 2.25");
            assertThat(curve(client, finished, "final/eval_loss")).containsExactly("0: 1.25");
            assertThat(artifact(finished, "README.md")).isEqualTo("# a card, Zoë's");
        }
    }

    @Test
    void finetuneTellsItsCurveAndItsCard() throws Exception {
        List<Row> pairs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            pairs.add(RowFactory.create("rate " + (i % 5 + 1) + ":", " " + (i % 5 + 1)));
        }
        StructType schema =
                new StructType().add("prompt", DataTypes.StringType).add("completion", DataTypes.StringType);
        LocalSpark.session()
                .createDataFrame(pairs, schema)
                .write()
                .parquet(root.resolve("data").toUri().toString());
        Path config = Files.writeString(
                root.resolve("finetune.yaml"), """
                output: %s/tuned
                data: %s/data
                model: {base: %s}
                train: {max_length: 64, global_batch_size: 8, max_steps: 4, logging_steps: 2}
                tracking: {mlflow_uri: "%s/", experiment: ratings}
                """.formatted(root, root, ProjectRoot.resolve("conf/tiny-base"), uri));
        System.setProperty("spark.master", "local[2]");
        System.setProperty("spark.ui.enabled", "false");
        try {
            FinetuneJob.main(new String[] {"--config", config.toString()});
        } finally {
            System.clearProperty("spark.master");
            System.clearProperty("spark.ui.enabled");
        }

        try (MlflowClient client = new MlflowClient(uri)) {
            Service.Run run = run(client, "tuned");
            assertThat(run.getInfo().getStatus()).isEqualTo(Service.RunStatus.FINISHED);
            assertThat(run.getData().getParamsList().stream()
                            .filter(param -> param.getKey().equals("train.max_steps"))
                            .map(Service.Param::getValue))
                    .containsExactly("4");
            assertThat(curve(client, run, "loss"))
                    .hasSize(2)
                    .element(1)
                    .asString()
                    .startsWith("4: ");
            assertThat(curve(client, run, "final/steps")).containsExactly("0: 4.0");
            assertThat(artifact(run, "README.md")).contains("base_model: \"tiny-base\"");
            assertThat(artifact(run, "training.jsonl"))
                    .isEqualTo(Files.readString(root.resolve("tuned/model/training.jsonl")));
        }
    }

    private static MlflowTracking tracking() throws IOException {
        return new MlflowTracking(
                "finetune",
                new MlflowServer(uri, Map.of()),
                new MlflowRun("ratings", "a run", Map.of("train.learning_rate", "5.0E-4")),
                FileSystem.getLocal(new Configuration()),
                new org.apache.hadoop.fs.Path(root.toUri()),
                SAID::add);
    }

    private static TrainingListener.LogLine line(int step, double loss) {
        return new TrainingListener.LogLine(step, step / 8.0, loss, 1.5, 1e-3, 100L * step, 800.5);
    }

    private static Service.Run run(MlflowClient client, String name) {
        String experiment = client.getExperimentByName("ratings").orElseThrow().getExperimentId();
        List<Service.RunInfo> found = client.searchRuns(List.of(experiment), "attributes.run_name = '" + name + "'");
        assertThat(found).hasSize(1);
        return client.getRun(found.get(0).getRunId());
    }

    private static List<String> curve(MlflowClient client, Service.Run run, String metric) {
        return client.getMetricHistory(run.getInfo().getRunId(), metric).stream()
                .map(point -> point.getStep() + ": " + point.getValue())
                .toList();
    }

    private static String artifact(Service.Run run, String name) throws Exception {
        URI address = URI.create(uri + "/get-artifact?path=" + name + "&run_uuid="
                + run.getInfo().getRunId());
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body();
    }

    private static void awaitServer() throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        long deadline = System.nanoTime() + TO_START.toNanos();
        while (true) {
            try {
                HttpRequest health =
                        HttpRequest.newBuilder(URI.create(uri + "/health")).build();
                if (http.send(health, HttpResponse.BodyHandlers.ofString()).statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                if (!server.isAlive() || System.nanoTime() > deadline) {
                    throw new IllegalStateException(
                            "MLflow's server did not start: " + Files.readString(root.resolve("server.log")), e);
                }
            }
            Thread.sleep(200);
        }
    }
}
