package dev.sparktune.jobs.run;

import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.hf.HfAdapter;
import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelFormatException;
import dev.sparktune.model.hf.ModelInfo;
import dev.sparktune.model.hf.PeftConfig;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.train.MemoryForecast;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/** Fetches the model that a setting names to this machine, and loads it or looks whether it could be loaded. */
public final class ModelLoader {
    private ModelLoader() {}

    /**
     * @param key of the setting, for errors: {@code model.base}
     * @param dtype in which its weights are held: {@code float32}, {@code bfloat16}
     * @throws JobFailure for a directory that is not there, a copy of it that is not what came, or a model that is broken or of
     *     another kind, by name
     * @throws OutOfTensorMemoryException where this process has no room for its weights
     */
    public static HfModel.Loaded load(Locations locations, String key, String uri, String dtype) throws IOException {
        Path directory = locations.localDirectory(uri);
        String weights = key + ": the weights of " + Redaction.text(uri);
        try {
            TensorRoom.require(weights, bytes(ModelInfo.read(directory), type(dtype)), smaller(key, dtype));
            return HfModel.load(directory, type(dtype));
        } catch (ModelFormatException | UncheckedIOException e) {
            throw failure(key, uri, directory, e);
        } catch (RuntimeException | Error e) {
            Optional<OutOfTensorMemoryException> shortage = TensorRoom.shortage(weights, e, smaller(key, dtype));
            if (shortage.isPresent()) {
                throw shortage.get();
            }
            throw e;
        }
    }

    private static long bytes(ModelInfo model, DataType type) {
        try (Kernels kernels = Decoder.kernels(DataType.FLOAT)) {
            return MemoryForecast.weights(model.decoderConfig(), kernels, type);
        }
    }

    /** What to do about a model that needs too much memory, other than to give it more; empty: nothing. */
    public static String smaller(String key, String dtype) {
        String section = key.substring(0, Math.max(0, key.indexOf('.')));
        if (section.isEmpty() || !dtype.equals("float32")) {
            return "";
        }
        return "set " + section + ".dtype=bfloat16" + (section.equals("model") ? " with train.method=lora" : "");
    }

    /** What ND4J calls a dtype of the settings. */
    public static DataType type(String dtype) {
        return switch (dtype) {
            case "float32" -> DataType.FLOAT;
            case "bfloat16" -> DataType.BFLOAT16;
            default -> throw new IllegalArgumentException("weights are held in float32 or bfloat16, not in " + dtype);
        };
    }

    /**
     * Finds a model that could not be loaded, without its weights: for a driver, whose executors will load it.
     *
     * @throws JobFailure as {@link #load}
     */
    public static ModelInfo check(Locations locations, String key, String uri) throws IOException {
        Path directory = locations.localDirectoryWithoutWeights(uri);
        try {
            return HfModel.check(directory);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw failure(key, uri, directory, e);
        }
    }

    /**
     * Loads an adapter for a base.
     *
     * @throws JobFailure for a directory that is not there, or an adapter that is broken, of another kind or of another base
     */
    public static Adapter loadAdapter(Locations locations, String key, String uri, HfModel.Loaded base)
            throws IOException {
        Path directory = locations.localDirectory(uri);
        try {
            return HfAdapter.load(directory, base.decoder(), base.info());
        } catch (ModelFormatException | UncheckedIOException e) {
            throw failure(key, uri, directory, e);
        }
    }

    /** @throws JobFailure as {@link #loadAdapter} */
    public static PeftConfig checkAdapter(Locations locations, String key, String uri, ModelInfo base)
            throws IOException {
        Path directory = locations.localDirectory(uri);
        try {
            return HfAdapter.check(directory, base);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw failure(key, uri, directory, e);
        }
    }

    /** Names the place that the user gave, not that of a copy. */
    private static JobFailure failure(String key, String uri, Path directory, RuntimeException e) {
        String place = uri.replaceAll("/+$", "");
        return new JobFailure(key + ": " + e.getMessage().replace(directory.toString(), place), e);
    }
}
