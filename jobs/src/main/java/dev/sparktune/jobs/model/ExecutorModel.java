package dev.sparktune.jobs.model;

import dev.sparktune.generate.ChoiceScorer;
import dev.sparktune.generate.Completion;
import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.generate.Generator;
import dev.sparktune.jobs.run.ExecutorTraits;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.jobs.run.OutOfTensorMemoryException;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.run.TensorRoom;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.progress.Progress;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;

/**
 * The model of this JVM: however many tasks an executor runs at a time, there is one copy of the weights, and the tasks take
 * turns, since one already uses every core.
 */
public final class ExecutorModel {
    private static ExecutorModel loaded;

    private final String key;
    private final String uri;
    private final String dtype;
    private final ModelInfo info;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Answering base;
    private final Map<String, Answering> adapted = new HashMap<>();
    private OutOfTensorMemoryException exhausted; // null: it can be used

    /** The decoder, or it with an adapter, at its two kinds of work. */
    private record Answering(ChoiceScorer scorer, Generator generator, int contextTokens) {}

    private ExecutorModel(String key, String uri, String dtype, HfModel.Loaded model, Tokenizer tokenizer) {
        this.key = key;
        this.uri = uri;
        this.dtype = dtype;
        this.info = model.info();
        this.decoder = model.decoder();
        this.tokenizer = tokenizer;
        this.base = answering(decoder);
    }

    private Answering answering(Decoder with) {
        Generator generator = new Generator(with, tokenizer, Set.copyOf(info.eosTokenIds()));
        return new Answering(new ChoiceScorer(with), generator, with.maxTokens());
    }

    /**
     * Loads an adapter, unless it is there: all share the model's weights.
     *
     * @param key of the setting that names it, for errors
     * @param adapter its URI, {@link Locations#qualified} in the driver; null: the model alone is to answer
     * @throws JobFailure as {@link ModelLoader#loadAdapter}
     */
    public synchronized ExecutorModel requireAdapter(String key, String adapter, Locations locations)
            throws IOException {
        if (adapter != null && !adapted.containsKey(adapter)) {
            HfModel.Loaded loadedBase = new HfModel.Loaded(decoder, info);
            adapted.put(adapter, answering(decoder.with(ModelLoader.loadAdapter(locations, key, adapter, loadedBase))));
        }
        return this;
    }

    private Answering with(String adapter) {
        return adapter == null ? base : adapted.get(adapter);
    }

    /**
     * In the driver, before any work: finds a model that no executor could load. Where the executor is this JVM it is loaded
     * here and now; elsewhere the driver never holds the weights.
     *
     * @param key of the setting that names the model, for errors
     * @param dtype in which executors will hold its weights
     * @throws JobFailure as {@link ModelLoader#load}
     * @throws java.io.UncheckedIOException for a tokenizer that is not there or none
     */
    public static ModelInfo check(JobContext job, String key, String uri, String dtype) throws IOException {
        if (job.spark().sparkContext().isLocal()) {
            return of(key, job.locations().qualified(uri), dtype, job.locations()).info;
        }
        ModelInfo info = ModelLoader.check(job.locations(), key, uri);
        Tokenizer.load(info.tokenizerJson()).close();
        return info;
    }

    /**
     * The model, loaded by the first task that asks; another one's place is taken.
     *
     * @param uri {@link Locations#qualified} in the driver
     * @param dtype in which its weights are held
     * @throws JobFailure as {@link ExecutorTraits#requireFlags} and {@link ModelLoader#load}; one that this executor cannot
     *     load says on which host that was
     * @throws OutOfTensorMemoryException as {@link ModelLoader#load}
     */
    public static synchronized ExecutorModel of(String key, String uri, String dtype, Locations locations)
            throws IOException {
        if (loaded == null || loaded.exhausted != null || !loaded.uri.equals(uri) || !loaded.dtype.equals(dtype)) {
            release();
            ExecutorTraits.here().requireFlags();
            try {
                loaded = load(key, uri, dtype, locations);
            } catch (OutOfTensorMemoryException e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                BlockManagerId here = SparkEnv.get().blockManager().blockManagerId();
                if (here.isDriver()) {
                    throw e;
                }
                throw new JobFailure(
                        key + ": executor " + here.executorId() + " on " + here.host() + " cannot load "
                                + Redaction.text(uri)
                                + ", which the driver could read; it must lie on storage that every"
                                + " executor sees, or be classpath:… (" + e.getMessage() + ")",
                        e);
            }
        }
        return loaded;
    }

    private static ExecutorModel load(String key, String uri, String dtype, Locations locations) throws IOException {
        long started = System.nanoTime();
        HfModel.Loaded model = ModelLoader.load(locations, key, uri, dtype);
        try {
            ExecutorModel made = new ExecutorModel(
                    key, uri, dtype, model, Tokenizer.load(model.info().tokenizerJson()));
            System.err.printf(
                    Locale.ROOT,
                    "loaded the model %s, %,d parameters, in %s%n",
                    Redaction.text(uri),
                    model.decoder().layout().length(),
                    Progress.duration((System.nanoTime() - started) / 1e9));
            return made;
        } catch (RuntimeException e) {
            model.decoder().close();
            throw e;
        }
    }

    /** At a job's end: gives the memory back where the JVM goes on. The JVMs of executors end with the application. */
    public static synchronized void release() {
        if (loaded != null) {
            loaded.close();
            loaded = null;
        }
    }

    /** When no task computes: one that was left behind by a failed job would go on in memory that is another's. */
    private synchronized void close() {
        tokenizer.close();
        decoder.close();
    }

    /** How many tokens prompt and completion may have together; {@code adapter} as {@link #requireAdapter} got it. */
    public int contextTokens(String adapter) {
        return with(adapter).contextTokens();
    }

    /** For any number of tasks at a time; whoever asks does not close it. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** As {@link ChoiceScorer#score}, one task at a time; {@code adapter}: one that is there, or null for none. */
    public synchronized List<double[]> score(
            String adapter, List<List<TokenizedExample>> prompts, LongConsumer finished) {
        return answer(() -> with(adapter).scorer().score(prompts, finished));
    }

    /** As {@link Generator#generate}, one task at a time; {@code adapter}: one that is there, or null for none. */
    public synchronized List<Completion> complete(
            String adapter, List<int[]> prompts, GenerateOptions options, LongConsumer finished) {
        return answer(() -> with(adapter).generator().generate(prompts, options, finished));
    }

    /** A model that ran out of memory is not asked again: some of its buffers may be gone. */
    private <T> T answer(Supplier<T> work) {
        if (exhausted != null) {
            throw exhausted;
        }
        try {
            return work.get();
        } catch (RuntimeException | Error e) {
            exhausted = TensorRoom.shortage(
                            key + ": answering with " + Redaction.text(uri), e, ModelLoader.smaller(key, dtype))
                    .orElse(null);
            if (exhausted != null) {
                throw exhausted;
            }
            throw e;
        }
    }
}
