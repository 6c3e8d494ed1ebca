package dev.sparktune.jobs.tracking;

import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.Json;
import dev.sparktune.train.Evaluation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Tells an MLflow server of a run: parameters, the curves of training.jsonl under the same names, final metrics, files. A thread
 * of its own tells, so that a slow server slows nothing. What could not be told is kept and tried again with the next; what is
 * left at the end is named.
 *
 * <p>{@code mlflow.json} in the output names the run at the server, so that a run which was killed goes on there, too, and
 * tells no step twice.
 */
final class MlflowTracking implements Tracking {
    private static final String PLACE = "mlflow.json";
    private static final long MOST_SECONDS_AT_END = 30;

    private final String job;
    private final MlflowServer server;
    private final MlflowRun run;
    private final FileSystem fs;
    private final Path output;
    private final Consumer<String> out;
    private final ExecutorService teller = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "mlflow");
        thread.setDaemon(true);
        return thread;
    });

    private final Queue<MetricPoint> points = new ArrayDeque<>();
    private final Queue<String> files = new ArrayDeque<>();
    private boolean finished;
    private String lastFailure;

    /** The teller's own: where the run stands, and up to which step each metric was told. */
    private MlflowServer.Place place;

    /** Whether {@value #PLACE} names it. */
    private boolean noted;

    private volatile boolean parametersTold;
    private volatile boolean endTold;
    private boolean resumed;
    private final Map<String, Long> toldSteps = new HashMap<>();

    /** @param out takes lines for the user */
    MlflowTracking(String job, MlflowServer server, MlflowRun run, FileSystem fs, Path output, Consumer<String> out) {
        this.job = job;
        this.server = server;
        this.run = run;
        this.fs = fs;
        this.output = output;
        this.out = out;
        teller.execute(this::tell); // a run that is only waiting shall be seen, too
    }

    @Override
    public void onLog(LogLine line) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("epoch", line.epoch());
        values.put("loss", line.loss());
        values.put("grad_norm", line.gradNorm());
        values.put("learning_rate", line.learningRate());
        values.put("num_input_tokens_seen", (double) line.numInputTokensSeen());
        values.put("tokens_per_second", line.tokensPerSecond());
        add(values, line.step());
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("eval_loss", evaluation.evalLoss());
        values.put("eval_accuracy", evaluation.evalAccuracy());
        values.put("eval_mean_token_accuracy", evaluation.evalMeanTokenAccuracy());
        values.put("eval_runtime", evaluation.seconds());
        add(values, evaluation.step());
    }

    @Override
    public void finish(Map<String, Double> metrics, List<String> names) {
        add(metrics, 0);
        synchronized (this) {
            files.addAll(names);
            finished = true;
        }
    }

    private void add(Map<String, Double> values, long step) {
        long now = System.currentTimeMillis();
        synchronized (this) {
            values.forEach((metric, value) -> points.add(new MetricPoint(metric, value, now, step)));
        }
        teller.execute(this::tell);
    }

    private void tell() {
        try {
            open();
            tellPoints();
            tellParameters();
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** The parameters last: if the server will have none of them, it shall have the rest. */
    private void end() {
        try {
            open();
            tellPoints();
            tellFiles();
            server.end(place, isFinished());
            endTold = true;
            tellParameters();
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Finds the run or makes it, once: whatever fails afterwards makes no second one. */
    private void open() throws IOException {
        if (place == null) {
            MlflowServer.Place earlier = earlier();
            if (earlier != null && server.resume(earlier)) {
                place = earlier;
                resumed = true;
                noted = true;
            } else {
                place = server.create(run, tags());
            }
        }
        if (!noted) {
            try (OutputStream stream = fs.create(new Path(output, PLACE), true)) {
                stream.write(Json.write(place).getBytes(StandardCharsets.UTF_8));
            }
            noted = true;
        }
    }

    private Map<String, String> tags() {
        return Map.of("sparktune.job", job, "sparktune.version", JobMain.version(), "mlflow.source.name", "sparktune");
    }

    /** Of an earlier process of this run, at the same server; null where there is none. */
    private MlflowServer.Place earlier() throws IOException {
        Path file = new Path(output, PLACE);
        if (!fs.exists(file)) {
            return null;
        }
        try (InputStream in = fs.open(file)) {
            MlflowServer.Place named =
                    Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), MlflowServer.Place.class);
            return server.uri().equals(named.uri()) ? named : null;
        } catch (IllegalArgumentException e) { // cut short by a kill
            return null;
        }
    }

    private void tellPoints() {
        for (List<MetricPoint> batch = next(); !batch.isEmpty(); batch = next()) {
            List<MetricPoint> untold = new ArrayList<>();
            for (MetricPoint point : batch) {
                long last = toldSteps.computeIfAbsent(
                        point.metric(), metric -> resumed ? server.lastStep(place, metric) : -1);
                if (point.step() > last) {
                    untold.add(point);
                }
            }
            if (!untold.isEmpty()) {
                server.log(place, untold);
            }
            untold.forEach(point -> toldSteps.put(point.metric(), point.step()));
            int count = batch.size();
            synchronized (this) {
                for (int i = 0; i < count; i++) {
                    points.remove();
                }
            }
        }
    }

    private synchronized List<MetricPoint> next() {
        return points.stream().limit(MlflowServer.mostPoints()).toList();
    }

    private void tellParameters() {
        if (!parametersTold) {
            server.logParameters(place, run.parameters());
            parametersTold = true;
        }
    }

    private void tellFiles() throws IOException {
        for (String name = nextFile(); name != null; name = nextFile()) {
            try (InputStream in = fs.open(new Path(output, name))) {
                server.upload(place, name, in.readAllBytes());
            }
            synchronized (this) {
                files.remove();
            }
        }
    }

    private synchronized String nextFile() {
        return files.peek();
    }

    private synchronized boolean isFinished() {
        return finished;
    }

    private synchronized void failed(Exception e) {
        if (lastFailure == null) {
            out.accept("warning: MLflow at " + server.uri() + " cannot be told: " + e.getMessage()
                    + "; the run goes on, and it is tried again with every line of the log");
        }
        lastFailure = e.getMessage();
    }

    @Override
    public void close() {
        teller.execute(this::end);
        teller.shutdown();
        boolean ended = false;
        try {
            ended = teller.awaitTermination(MOST_SECONDS_AT_END, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (this) {
            List<String> untold = untold();
            if (untold.isEmpty()) {
                out.accept("told MLflow: " + place.page());
            } else {
                out.accept("warning: MLflow at " + server.uri() + " was not told " + String.join(", ", untold) + ": "
                        + (ended ? lastFailure : "it did not answer within " + MOST_SECONDS_AT_END + " s"));
            }
        }
        if (ended) {
            server.close();
        }
    }

    private List<String> untold() {
        List<String> untold = new ArrayList<>();
        if (!points.isEmpty()) {
            untold.add(points.size() + " values of metrics");
        }
        if (!files.isEmpty()) {
            untold.add(files.size() + " files " + files);
        }
        if (!parametersTold) {
            untold.add("the parameters");
        }
        if (!endTold) {
            untold.add("how the run ended");
        }
        return untold;
    }
}
