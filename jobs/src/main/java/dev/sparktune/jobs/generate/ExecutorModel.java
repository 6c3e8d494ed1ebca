package dev.sparktune.jobs.generate;

import dev.sparktune.generate.Completion;
import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.generate.Generator;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.progress.Progress;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/**
 * The model of this JVM: however many tasks an executor runs at a time, there is one copy of the weights, and the tasks take
 * turns, since one already uses every core.
 */
public final class ExecutorModel implements AutoCloseable {
    private static ExecutorModel loaded;

    private final String uri;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final Generator generator;

    private ExecutorModel(String uri, HfModel.Loaded model) {
        this.uri = uri;
        this.decoder = model.decoder();
        this.tokenizer = Tokenizer.load(model.info().tokenizerJson());
        this.generator =
                new Generator(decoder, tokenizer, Set.copyOf(model.info().eosTokenIds()));
    }

    /**
     * The model, loaded by the first task that asks; another one's place is taken.
     *
     * @throws dev.sparktune.jobs.run.JobFailure as {@link ModelLoader#load}
     */
    public static synchronized ExecutorModel of(String uri, Locations locations) throws IOException {
        if (loaded == null || !loaded.uri.equals(uri)) {
            release();
            loaded = new ExecutorModel(uri, ModelLoader.load(locations, "generate.model", uri));
        }
        return loaded;
    }

    /** Gives the memory back, where the JVM goes on. */
    public static synchronized void release() {
        if (loaded != null) {
            loaded.close();
            loaded = null;
        }
    }

    /** How many tokens prompt and completion may have together. */
    int contextTokens() {
        return decoder.config().maxPositionEmbeddings();
    }

    int[] encode(String prompt) {
        return tokenizer.encode(prompt, false);
    }

    /** In the order of the prompts. */
    synchronized List<Completion> complete(List<int[]> prompts, GenerateOptions options) {
        try (Progress progress = Progress.quietWhenShort("part", prompts.size(), "prompts")) {
            return generator.generate(prompts, options, progress);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
        decoder.close();
    }
}
