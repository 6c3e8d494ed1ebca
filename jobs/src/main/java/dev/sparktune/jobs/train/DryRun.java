package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.ExecutorTraits;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.progress.Bytes;
import dev.sparktune.progress.Progress;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.MemoryForecast;
import dev.sparktune.train.Pace;
import dev.sparktune.train.RunForecast;
import dev.sparktune.train.TrainOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a training run would need and how long it would take, for a user to read before it is started: the memory from the lengths
 * of all examples, the time from a few updates that an executor does with a copy of the model. Nothing is written.
 *
 * @param modelKey the setting that names the model, for errors
 * @param model directory to start from
 * @param adapter what is trained; null: all weights
 */
public record DryRun(JobContext job, String modelKey, String model, AdapterPlan adapter) {
    /** How many examples {@link #print} measures the pace with. */
    public int measuredExamples() {
        return (PaceTask.UPDATES + 1) * job.settings().train().globalBatchSize();
    }

    /**
     * The whole report, for standard output; the part that needs no measuring is said first.
     *
     * @param train with {@link #measuredExamples} first examples, where there are as many
     */
    public void print(ModelInfo base, TokenSizes train, TokenSizes validation) throws Exception {
        if (train.lengths().size() == 0) {
            throw new JobFailure("no example is left to train on: " + train.counts());
        }
        TrainSettings settings = job.settings().train();
        int workers = WorkerCount.of(
                settings,
                job.spark().sparkContext().conf(),
                job.spark().sparkContext().isLocal());
        TrainOptions options = TrainingPlan.options(settings, train.lengths().size(), workers);
        RunForecast forecast;
        try (Kernels kernels = Decoder.kernels(DataType.FLOAT)) {
            forecast = RunForecast.of(
                    base.decoderConfig(),
                    kernels,
                    ModelLoader.type(job.settings().model().dtype()),
                    adapter == null ? null : adapter.config().on(base),
                    options,
                    workers,
                    settings.gradientCheckpointing(),
                    train.lengths(),
                    validation.lengths());
        }
        System.out.println(text(forecast, workers));
        List<TokenizedExample> own = shareOfOne(train.first(), workers);
        PaceTask.Result measured = job.stage("measure a few updates", () -> measure(own, options, workers, forecast));
        System.out.println(text(forecast, workers, measured));
    }

    /** A worker's examples of the measured updates; where there are too few they come again, as in a further epoch. */
    private List<TokenizedExample> shareOfOne(List<TokenizedExample> first, int workers) {
        return IntStream.range(0, Math.max(PaceTask.UPDATES + 1, measuredExamples() / workers))
                .mapToObj(i -> first.get(i % first.size()))
                .toList();
    }

    private static String text(RunForecast forecast, int workers) {
        MemoryForecast memory = forecast.memory();
        StringJoiner lines = new StringJoiner("\n");
        lines.add(line(
                "parameters",
                "%,d, of which %,d are trained (%.2f %%)",
                forecast.parameters(),
                forecast.trained(),
                100.0 * forecast.trained() / forecast.parameters()));
        lines.add(line("updates", "%,d", forecast.steps()));
        lines.add(line("tokens", "%,d, repeats included", forecast.tokens()));
        lines.add(line("evaluations", "%,d of %,d tokens", forecast.evaluations(), forecast.validationTokens()));
        lines.add(line("weights", "%s", new Bytes(memory.weights())));
        lines.add(line("gradients", "%s", new Bytes(memory.gradients())));
        lines.add(line("updater state", "%s", new Bytes(memory.updaterState())));
        lines.add(line(
                "activations",
                "%s, for micro-batches of at most %,d tokens",
                new Bytes(memory.activations()),
                forecast.largestMicroBatch()));
        if (workers > 1) {
            lines.add(line("exchange", "%s", new Bytes(memory.exchange())));
        }
        lines.add(line(
                "off-heap memory",
                "%s%s, all of these",
                new Bytes(memory.total()),
                workers > 1 ? " in each of " + workers + " workers" : ""));
        return lines.toString();
    }

    private static String text(RunForecast forecast, int workers, PaceTask.Result measured) {
        if (measured.pace() == null) {
            return line(
                    "expected time",
                    "not measured: an executor may take %s (-Dorg.bytedeco.javacpp.maxbytes), which is too little; give it"
                            + " more, or try train.gradient_checkpointing=true or a smaller train.micro_batch_size",
                    new Bytes(measured.bound()));
        }
        Pace pace = measured.pace();
        return line(
                "expected time",
                "%s%s, by %d measured updates: %,.0f tokens a second",
                Progress.duration(forecast.seconds(pace, workers)),
                workers > 1 ? " besides what workers wait for each other" : "",
                pace.updates(),
                forecast.tokens()
                        / (forecast.tokens() / (double) workers * pace.perToken()
                                + forecast.steps() * pace.perUpdate()));
    }

    private static String line(String name, String format, Object... values) {
        return String.format(Locale.ROOT, "%-16s ", name) + String.format(Locale.ROOT, format, values);
    }

    private PaceTask.Result measure(
            List<TokenizedExample> examples, TrainOptions options, int workers, RunForecast forecast)
            throws IOException {
        SerializableConfiguration configuration =
                new SerializableConfiguration(job.outputFileSystem().getConf());
        PaceTask measuring = new PaceTask(
                modelKey,
                job.locations().qualified(model),
                job.settings().model().dtype(),
                adapter,
                job.settings().train().gradientCheckpointing(),
                options,
                workers,
                examples.stream().map(TokenizedExample::ids).toArray(int[][]::new),
                examples.stream().mapToInt(TokenizedExample::promptLength).toArray());
        boolean local = job.spark().sparkContext().isLocal();
        long needed = forecast.memory().total();
        return BarrierStage.run(JavaSparkContext.fromSparkContext(job.spark().sparkContext()), 1, task -> {
                    if (!local) {
                        ExecutorTraits.here().requireFlags();
                    }
                    return measuring.run(configuration.value(), needed);
                })
                .get(0);
    }
}
