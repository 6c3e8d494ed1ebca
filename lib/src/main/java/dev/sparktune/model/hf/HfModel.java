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
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;

/** A Hugging Face model directory as a {@link Decoder}, and a decoder as such a directory. */
public final class HfModel {
    private HfModel() {}

    /** @param decoder holds the weights; the caller closes it */
    public record Loaded(Decoder decoder, ModelInfo info) {}

    /**
     * Reads {@code config.json} and the weights: {@code model.safetensors}, or the files of
     * {@code model.safetensors.index.json}; F32, F16 or BF16, each of which FLOAT and DOUBLE hold exactly.
     *
     * @param type as {@link Decoder#create}; for BFLOAT16 weights are rounded to the nearest, ties to even
     * @throws ModelFormatException for an option that is not supported, a broken file, or weights that are not those of the
     *     configuration; nothing large has been allocated then
     * @throws UncheckedIOException for a file that is not there or cannot be read
     */
    public static Loaded load(Path directory, DataType type) {
        ModelInfo info = ModelInfo.read(directory);
        try (Weights weights = Weights.open(directory)) {
            List<HfTensor> tensors = checkedTensors(info, weights);
            Decoder decoder = Decoder.create(info.decoderConfig(), type);
            try {
                weights.readInto(tensors, new FlatVector(decoder.parameters()));
                return new Loaded(decoder, info);
            } catch (IOException | RuntimeException e) {
                decoder.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    private static List<HfTensor> checkedTensors(ModelInfo info, Weights weights) {
        DecoderConfig config = info.decoderConfig();
        weights.checkBlocks(config.numHiddenLayers());
        List<HfTensor> tensors =
                info.family().tensors(config, ParameterLayout.of(config)).list();
        weights.check(tensors, info.family().ignoredNames());
        return tensors;
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
            checkedTensors(info, weights);
            return info;
        } catch (IOException e) {
            throw unreadable(directory, e);
        }
    }

    /**
     * Writes a directory that transformers loads: weights, the base's {@code config.json} with another dtype, and the base's
     * tokenizer files, generation settings and licence byte for byte. Options of {@code config.json} that transformers 5 and those
     * before spell differently stand there in both spellings. Files that are there are replaced.
     *
     * @param directory created when it is not there; never the base's
     * @param decoder configured as the base; one with an adapter is written with that merged in, computed in the decoder's type and
     *     then cast
     * @param baseDirectory needs no weights
     * @throws ModelFormatException when a weight has no place in {@code dtype}, or the base is of no known family
     * @throws UncheckedIOException for a file that cannot be read or written
     */
    public static void save(Path directory, Decoder decoder, Path baseDirectory, SaveDtype dtype) {
        ModelInfo base = ModelInfo.read(baseDirectory);
        if (!decoder.config().equals(base.decoderConfig())) {
            throw new IllegalArgumentException("the decoder is " + decoder.config() + ", but its base in "
                    + baseDirectory + " is " + base.decoderConfig());
        }
        try {
            Files.createDirectories(directory);
            if (Files.isSameFile(directory, baseDirectory)) {
                throw new IllegalArgumentException("a model cannot be saved over its base, " + baseDirectory);
            }
            try (MergedWeights weights = new MergedWeights(decoder)) {
                SafetensorsWriter.write(
                        directory.resolve(Weights.FILE),
                        base.family()
                                .tensors(decoder.config(), decoder.layout())
                                .list(),
                        dtype.dtype(),
                        weights);
            }
            Files.writeString(
                    directory.resolve(ModelInfo.CONFIG),
                    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(config(base, dtype)) + "\n");
            CopiedFiles.copy(baseDirectory, directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the model directory " + directory + ": " + e, e);
        }
    }

    /** The base's {@code config.json} with a dtype, in all spellings. */
    static ObjectNode config(ModelInfo base, SaveDtype dtype) {
        ObjectNode written = base.config().deepCopy();
        Path file = base.directory().resolve(ModelInfo.CONFIG);
        base.family().writeBothSpellings(new ConfigReader(base.config(), file), written);
        written.put("dtype", dtype.configName());
        written.put("torch_dtype", dtype.configName());
        return written;
    }
}
