package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.ModelLoader;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.train.Pace;
import dev.sparktune.train.TrainOptions;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.javacpp.Pointer;

/**
 * Does a few updates with a copy of the model, on an executor, where a run would.
 *
 * @param modelKey the setting that names the model, for errors
 * @param model directory to start from
 * @param dtype in which its weights are held
 * @param adapter what is trained; null: all weights
 * @param gradientCheckpointing whether activations are computed again
 * @param options of the run
 * @param workers that it will have
 * @param ids {@code [examples][tokens]} to learn, at least one for each update and the one before
 * @param promptLengths {@code [examples]}
 */
record PaceTask(
        String modelKey,
        String model,
        String dtype,
        AdapterPlan adapter,
        boolean gradientCheckpointing,
        TrainOptions options,
        int workers,
        int[][] ids,
        int[] promptLengths)
        implements Serializable {

    /** Measured, after one that is not. */
    static final int UPDATES = 3;

    /**
     * What came of it.
     *
     * @param pace null where there is no room for the run
     * @param bound of the executor's memory for tensors, in bytes
     */
    record Result(Pace pace, long bound) implements Serializable {}

    /** @param needed bytes that the run will take; where there is less room nothing is loaded */
    Result run(Configuration configuration, long needed) throws IOException {
        long bound = Pointer.maxBytes();
        return new Result(needed > bound ? null : measure(new Locations(configuration)), bound);
    }

    private Pace measure(Locations locations) throws IOException {
        HfModel.Loaded base = ModelLoader.load(locations, modelKey, model, dtype);
        try (Decoder all = base.decoder()) {
            Decoder decoder = adapter == null ? all : all.with(adapter.start(base, locations, options.seed()));
            if (gradientCheckpointing) {
                decoder.useGradientCheckpointing();
            }
            List<TokenizedExample> examples = IntStream.range(0, ids.length)
                    .mapToObj(i -> new TokenizedExample(ids[i], promptLengths[i]))
                    .toList();
            return Pace.measure(decoder, examples, UPDATES, options, workers);
        }
    }
}
