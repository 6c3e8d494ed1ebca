package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.ExecutorTraits;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.progress.Progress;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.MemoryForecast;
import dev.sparktune.train.Pace;
import dev.sparktune.train.RunForecast;
import dev.sparktune.train.TrainOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a training run would need and how long it would take, for a user to read before it is started: the memory from the lengths
 * of all examples, the time from a few updates that an executor does with a copy of the model. Nothing is written.
 *
 * @param modelKey the setting that names the model, for errors
 * @param model directory to start from
 * @param adapter what is trained beside the model; null: all of its weights are
 */
public record DryRun(JobContext job, String modelKey, String model, AdapterPlan adapter) {
    /** Measured, after one that is not. */
    private static final int UPDATES = 3;

    private static final double UNIT = 1024;

    /** @param pace null where the executor has no room to measure it */
    private record Measured(Pace pace, long bound) implements Serializable {}

    /** How many examples {@link #report} measures the pace with. */
    public int measuredExamples() {
        return (UPDATES + 1) * job.settings().train().globalBatchSize();
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
                    adapter == null ? null : adapter.config().on(base),
                    options,
                    workers,
                    settings.gradientCheckpointing(),
                    train.lengths(),
                    validation.lengths());
        }
        System.out.println(text(forecast, workers));
        List<TokenizedExample> own =
                train.first().subList(0, Math.max(1, train.first().size() / workers));
        Measured measured = job.stage("measure a few updates", () -> measure(own, options, workers, forecast));
        System.out.println(text(forecast, workers, measured));
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
        lines.add(line("weights", bytes(memory.weights())));
        lines.add(line("gradients", bytes(memory.gradients())));
        lines.add(line("updater state", bytes(memory.updaterState())));
        lines.add(line(
                "activations",
                "%s, for micro-batches of at most %,d tokens",
                bytes(memory.activations()),
                forecast.largestMicroBatch()));
        if (workers > 1) {
            lines.add(line("exchange", bytes(memory.exchange())));
        }
        lines.add(line(
                "off-heap memory",
                "%s%s, all of these",
                bytes(memory.total()),
                workers > 1 ? " in each of " + workers + " workers" : ""));
        return lines.toString();
    }

    private static String text(RunForecast forecast, int workers, Measured measured) {
        if (measured.pace == null) {
            return line(
                    "expected time",
                    "not measured: an executor may take %s (-Dorg.bytedeco.javacpp.maxbytes), which is too little; give it"
                            + " more, or try train.gradient_checkpointing=true or a smaller train.micro_batch_size",
                    bytes(measured.bound));
        }
        Pace pace = measured.pace;
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

    private static String bytes(long bytes) {
        double mebibytes = bytes / UNIT / UNIT;
        return mebibytes < UNIT
                ? String.format(Locale.ROOT, "%,.1f MiB", mebibytes)
                : String.format(Locale.ROOT, "%,.2f GiB", mebibytes / UNIT);
    }

    private Measured measure(List<TokenizedExample> examples, TrainOptions options, int workers, RunForecast forecast)
            throws IOException {
        SerializableConfiguration configuration =
                new SerializableConfiguration(job.outputFileSystem().getConf());
        int[][] ids = examples.stream().map(TokenizedExample::ids).toArray(int[][]::new);
        int[] prompts =
                examples.stream().mapToInt(TokenizedExample::promptLength).toArray();
        boolean checkpointing = job.settings().train().gradientCheckpointing();
        boolean local = job.spark().sparkContext().isLocal();
        String key = modelKey;
        String uri = job.locations().qualified(model);
        AdapterPlan adapted = adapter;
        long needed = forecast.memory().total();
        return BarrierStage.run(JavaSparkContext.fromSparkContext(job.spark().sparkContext()), 1, task -> {
                    if (!local) {
                        ExecutorTraits.here().requireFlags();
                    }
                    if (needed > Pointer.maxBytes()) {
                        return new Measured(null, Pointer.maxBytes());
                    }
                    List<TokenizedExample> there = IntStream.range(0, ids.length)
                            .mapToObj(i -> new TokenizedExample(ids[i], prompts[i]))
                            .toList();
                    return new Measured(
                            pace(configuration.value(), key, uri, adapted, checkpointing, there, options, workers),
                            Pointer.maxBytes());
                })
                .get(0);
    }

    private static Pace pace(
            Configuration configuration,
            String key,
            String uri,
            AdapterPlan adapter,
            boolean checkpointing,
            List<TokenizedExample> examples,
            TrainOptions options,
            int workers)
            throws IOException {
        Locations locations = new Locations(configuration);
        HfModel.Loaded base = ModelLoader.load(locations, key, uri);
        try (Decoder whole = base.decoder()) {
            Decoder decoder = adapter == null ? whole : whole.with(adapter.start(base, locations, options.seed()));
            if (checkpointing) {
                decoder.useGradientCheckpointing();
            }
            int updates = Math.min(UPDATES, examples.size() - 1);
            return Pace.measure(decoder, examples, updates, options, workers);
        }
    }
}
