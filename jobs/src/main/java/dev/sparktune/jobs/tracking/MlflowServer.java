package dev.sparktune.jobs.tracking;

import dev.sparktune.jobs.run.Json;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowHttpException;
import org.mlflow.tracking.creds.BasicMlflowHostCreds;

/**
 * An MLflow tracking server, by MLflow's Java client. Files go to the server's own artifact service, since the client
 * would start a Python with MLflow for them.
 */
final class MlflowServer implements AutoCloseable {
    private static final int MOST_METRICS = 1000;
    private static final int MOST_PARAMETERS = 100;
    private static final int NOT_FOUND = 404;
    private static final Duration TO_CONNECT = Duration.ofSeconds(10);
    private static final Duration TO_SEND = Duration.ofMinutes(1);
    private static final String ARTIFACTS = "mlflow-artifacts:";

    private final String uri;
    private final BasicMlflowHostCreds credentials;
    private final MlflowClient client;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TO_CONNECT).build();

    /**
     * Opens no connection yet.
     *
     * @param uri {@code http://HOST:PORT}
     * @param environment holds credentials, by the names that MLflow's own clients read
     */
    MlflowServer(String uri, Map<String, String> environment) {
        this.uri = uri.replaceAll("/+$", "");
        String token = environment.get("MLFLOW_TRACKING_TOKEN");
        String user = environment.get("MLFLOW_TRACKING_USERNAME");
        this.credentials = token != null
                ? new BasicMlflowHostCreds(this.uri, token)
                : user != null
                        ? new BasicMlflowHostCreds(
                                this.uri, user, environment.getOrDefault("MLFLOW_TRACKING_PASSWORD", ""))
                        : new BasicMlflowHostCreds(this.uri);
        this.client = new MlflowClient(credentials);
    }

    /** Where a run stands: its experiment's id and its own. */
    record Place(String uri, String experimentId, String runId) {
        /** Of its page. */
        String page() {
            return uri + "/#/experiments/" + experimentId + "/runs/" + runId;
        }
    }

    String uri() {
        return uri;
    }

    /** A new run. */
    Place create(MlflowRun run, Map<String, String> tags) {
        String experimentId = experiment(run.experiment());
        Service.CreateRun.Builder request = Service.CreateRun.newBuilder()
                .setExperimentId(experimentId)
                .setRunName(run.name())
                .setStartTime(System.currentTimeMillis());
        tags.forEach((key, value) ->
                request.addTags(Service.RunTag.newBuilder().setKey(key).setValue(value)));
        return new Place(uri, experimentId, client.createRun(request.build()).getRunId());
    }

    /** Those that the run has not yet; of one that it has, the server would refuse another value. */
    void logParameters(Place place, Map<String, String> all) {
        Set<String> there = client.getRun(place.runId()).getData().getParamsList().stream()
                .map(Service.Param::getKey)
                .collect(Collectors.toSet());
        List<Service.Param> parameters = new ArrayList<>();
        all.forEach((key, value) -> {
            if (!there.contains(key)) {
                parameters.add(
                        Service.Param.newBuilder().setKey(key).setValue(value).build());
            }
        });
        for (int from = 0; from < parameters.size(); from += MOST_PARAMETERS) {
            client.logBatch(
                    place.runId(),
                    List.of(),
                    parameters.subList(from, Math.min(from + MOST_PARAMETERS, parameters.size())),
                    List.of());
        }
    }

    /** By a search: asked for by its name, one that is missing is an error, which the client repeats and logs. */
    private String experiment(String name) {
        String quote = name.contains("'") ? "\"" : "'";
        return client.searchExperiments("name = " + quote + name + quote).getItems().stream()
                .findFirst()
                .map(Service.Experiment::getExperimentId)
                .orElseGet(() -> client.createExperiment(name));
    }

    /** Says of an earlier run that it goes on; false where the server does not know it. */
    boolean resume(Place place) {
        try {
            client.sendPost("runs/update", Json.compact(Map.of("run_id", place.runId(), "status", "RUNNING")));
            return true;
        } catch (MlflowHttpException e) {
            if (e.getStatusCode() == NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /** The last step that the run has a value of this metric for; −1 where it has none. */
    long lastStep(Place place, String metric) {
        return client.getMetricHistory(place.runId(), metric).stream()
                .mapToLong(Service.Metric::getStep)
                .max()
                .orElse(-1);
    }

    /** How many points {@link #log} takes at once. */
    static int mostPoints() {
        return MOST_METRICS;
    }

    void log(Place place, List<MetricPoint> points) {
        List<Service.Metric> metrics = new ArrayList<>();
        for (MetricPoint point : points) {
            metrics.add(Service.Metric.newBuilder()
                    .setKey(point.metric())
                    .setValue(point.value())
                    .setTimestamp(point.timestamp())
                    .setStep(point.step())
                    .build());
        }
        client.logBatch(place.runId(), metrics, List.of(), List.of());
    }

    void upload(Place place, String name, byte[] content) throws IOException {
        String root = client.getRun(place.runId()).getInfo().getArtifactUri();
        if (!root.startsWith(ARTIFACTS + "/")) {
            throw new IOException("the server keeps files at " + root + ", which only it can write (start it with"
                    + " --serve-artifacts)");
        }
        String path = URI.create(root).getPath() + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(uri + "/api/2.0/mlflow-artifacts/artifacts" + path))
                .timeout(TO_SEND)
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content));
        if (credentials.getToken() != null) {
            request.header("Authorization", "Bearer " + credentials.getToken());
        } else if (credentials.getUsername() != null) {
            String pair = credentials.getUsername() + ":" + credentials.getPassword();
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        HttpResponse<String> response;
        try {
            response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while sending " + name, e);
        }
        if (response.statusCode() / 100 != 2) {
            throw new IOException("the server answers " + response.statusCode() + " to the file " + name);
        }
    }

    void end(Place place, boolean finished) {
        client.setTerminated(place.runId(), finished ? Service.RunStatus.FINISHED : Service.RunStatus.FAILED);
    }

    @Override
    public void close() {
        client.close();
    }
}
