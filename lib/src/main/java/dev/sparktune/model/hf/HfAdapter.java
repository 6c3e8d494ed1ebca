package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** A directory with an adapter as PEFT saves and loads it: {@code adapter_config.json}, {@code adapter_model.safetensors}. */
public final class HfAdapter {
    static final String CONFIG = "adapter_config.json";
    static final String FILE = "adapter_model.safetensors";

    private static final String NOT_IGNORED = "(?!)";

    private HfAdapter() {}

    /**
     * Reads an adapter for a base.
     *
     * @param base holds the base's weights
     * @param info of the base
     * @throws ModelFormatException as {@link #check}; nothing large has been allocated then
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static Adapter load(Path directory, Decoder base, ModelInfo info) {
        try (Weights weights = Weights.openAdapter(directory)) {
            PeftConfig config = checked(directory, weights, info);
            Adapter adapter = Adapter.zeros(config.on(info), base);
            try {
                weights.readInto(config.tensors(info), new FlatVector(adapter.parameters()));
                return adapter;
            } catch (IOException | RuntimeException e) {
                adapter.parameters().close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Finds a broken or foreign adapter by its configuration and the header of its weights.
     *
     * @throws ModelFormatException for a method or an option that is not supported, a broken file, or weights that are not those of
     *     the configuration on this base
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static PeftConfig check(Path directory, ModelInfo base) {
        try (Weights weights = Weights.openAdapter(directory)) {
            return checked(directory, weights, base);
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static PeftConfig checked(Path directory, Weights weights, ModelInfo base) throws IOException {
        Path file = directory.resolve(CONFIG);
        try {
            PeftConfig config = PeftConfigs.read(new ConfigReader(ModelInfo.readJson(file), file));
            List<HfTensor> tensors = config.tensors(base);
            weights.check(tensors, NOT_IGNORED);
            return config;
        } catch (NoSuchFileException e) {
            throw new UncheckedIOException(
                    "there is no " + e.getFile() + ": is " + directory + " an adapter's directory?", e);
        }
    }

    private static UncheckedIOException unreadable(Path directory, IOException e) {
        return new UncheckedIOException("cannot read the adapter directory " + directory + ": " + e.getMessage(), e);
    }

    /**
     * Writes a directory that PEFT loads, in float32. Files that are there are replaced.
     *
     * @param directory created when it is not there
     * @param adapter of {@code config}'s method
     * @param base what the adapter belongs to
     * @param baseName how the base is called: where PEFT then looks for it
     * @throws UncheckedIOException for a file that cannot be written
     */
    public static void save(Path directory, Adapter adapter, PeftConfig config, ModelInfo base, String baseName) {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode()
                .put("peft_type", config.peftType())
                .put("task_type", "CAUSAL_LM")
                .put("base_model_name_or_path", baseName)
                .put("inference_mode", true);
        config.write(json, base);
        try {
            Files.createDirectories(directory);
            SafetensorsWriter.write(
                    directory.resolve(FILE),
                    config.tensors(base),
                    SaveDtype.FLOAT32.dtype(),
                    new FlatVector(adapter.parameters())::read);
            Files.writeString(
                    directory.resolve(CONFIG),
                    mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the adapter directory " + directory + ": " + e, e);
        }
    }
}
