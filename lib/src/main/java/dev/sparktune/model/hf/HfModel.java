package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.linalg.api.buffer.DataType;

/** A Hugging Face model directory as a {@link Decoder}, and a decoder as such a directory. */
public final class HfModel {
    private HfModel() {}

    /** @param decoder holds the weights; the caller closes it */
    public record Loaded(Decoder decoder, ModelInfo info) {}

    /**
     * Reads {@code config.json} and the weights: {@code model.safetensors}, or the files of
     * {@code model.safetensors.index.json}; F32, F16 or BF16, each of which {@code type} holds exactly.
     *
     * @param type FLOAT or DOUBLE, in which the decoder computes
     * @throws ModelFormatException for an option that is not supported, a broken file, or weights that are not those of the
     *     configuration; nothing large has been allocated then
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static Loaded load(Path directory, DataType type) {
        ModelInfo info = ModelInfo.read(directory);
        try (Weights weights = Weights.open(directory)) {
            ParameterLayout layout = weights.checkedLayout(info.decoderConfig());
            Decoder decoder = Decoder.create(info.decoderConfig(), type);
            try {
                weights.readInto(layout, new FlatVector(decoder.parameters()));
                return new Loaded(decoder, info);
            } catch (IOException | RuntimeException e) {
                decoder.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static UncheckedIOException unreadable(Path directory, IOException e) {
        return new UncheckedIOException("cannot read the model directory " + directory + ": " + e.getMessage(), e);
    }

    /**
     * Finds a broken or foreign model without its weights: reads {@code config.json} and the headers of the weights' files,
     * whatever the model's size a matter of milliseconds.
     *
     * @throws ModelFormatException as {@link #load}, but for a head that should be the embedding and differs from it: that
     *     only the numbers tell
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static ModelInfo check(Path directory) {
        ModelInfo info = ModelInfo.read(directory);
        try (Weights weights = Weights.open(directory)) {
            weights.checkedLayout(info.decoderConfig());
            return info;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Writes a directory that transformers loads: weights, the base's {@code config.json} with what is otherwise now, and the
     * base's tokenizer files, generation settings and licence byte for byte. Files that are there are replaced.
     *
     * @param directory created when it is not there; never the base's
     * @param baseDirectory needs no weights
     * @throws ModelFormatException when a weight has no place in {@code dtype}, or the base is none of the Llama form
     * @throws UncheckedIOException for a file that cannot be read or written
     */
    public static void save(Path directory, Decoder decoder, Path baseDirectory, SaveDtype dtype) {
        ModelInfo base = ModelInfo.read(baseDirectory);
        DecoderConfig config = decoder.config();
        try {
            Files.createDirectories(directory);
            if (Files.isSameFile(directory, baseDirectory)) {
                throw new IllegalArgumentException("a model cannot be saved over its base, " + baseDirectory);
            }
            FlatVector parameters = new FlatVector(decoder.parameters());
            SafetensorsWriter.write(
                    directory.resolve(Weights.FILE), decoder.layout().tensors(), dtype.dtype(), parameters::read);
            ObjectNode configJson = ConfigJson.write((ObjectNode) base.config(), base.decoderConfig(), config, dtype);
            Files.writeString(
                    directory.resolve(ConfigJson.FILE),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(configJson) + "\n");
            CopiedFiles.copy(baseDirectory, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model directory " + directory + ": " + e, e);
        }
    }
}
