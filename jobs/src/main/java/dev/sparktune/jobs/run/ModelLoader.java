package dev.sparktune.jobs.run;

import dev.sparktune.model.hf.HfModel;
import dev.sparktune.model.hf.ModelFormatException;
import dev.sparktune.model.hf.ModelInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.nd4j.linalg.api.buffer.DataType;

/** Fetches the model that a setting names to this machine, and loads it or looks whether it could be loaded. */
public final class ModelLoader {
    private ModelLoader() {}

    /**
     * @param key of the setting, for errors: {@code model.base}
     * @throws JobFailure for a directory that is not there, or a model that is broken or of another kind, by name
     */
    public static HfModel.Loaded load(Locations locations, String key, String uri) throws IOException {
        try {
            return HfModel.load(locations.localDirectory(uri), DataType.FLOAT);
        } catch (ModelFormatException | UncheckedIOException e) {
            throw new JobFailure(key + ": " + e.getMessage(), e);
        }
    }

    /**
     * Finds a model that could not be loaded, without its weights' memory: for a driver, whose executors will load it.
     *
     * @throws JobFailure as {@link #load}
     */
    public static ModelInfo check(Locations locations, String key, String uri) throws IOException {
        try {
            return HfModel.check(locations.localDirectory(uri));
        } catch (ModelFormatException | UncheckedIOException e) {
            throw new JobFailure(key + ": " + e.getMessage(), e);
        }
    }
}
