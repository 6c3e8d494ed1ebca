package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.ParameterLayout.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The weights of a model directory: {@code model.safetensors}, or the files that {@code model.safetensors.index.json} names,
 * which have to lie in the directory itself.
 */
final class Weights implements AutoCloseable {
    static final String FILE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    private static final String EMBEDDING = "model.embed_tokens.weight";
    private static final String HEAD = "lm_head.weight";

    private record Place(SafetensorsFile file, SafetensorsHeader.Entry entry) {}

    private final Path directory;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();

    private Weights(Path directory) {
        this.directory = directory;
    }

    static Weights open(Path directory) throws IOException {
        Weights weights = new Weights(directory);
        try {
            if (Files.exists(directory.resolve(FILE))) {
                weights.add(directory.resolve(FILE));
            } else if (Files.exists(directory.resolve(INDEX))) {
                weights.addIndexed();
            } else {
                throw new ModelFormatException("the model directory " + directory + " has neither " + FILE + " nor "
                        + INDEX + "; weights in other formats are not read");
            }
            return weights;
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private void addIndexed() throws IOException {
        Path index = directory.resolve(INDEX);
        JsonNode map = ModelInfo.readJson(index).path("weight_map");
        Map<String, String> fileOf = new HashMap<>();
        map.fields()
                .forEachRemaining(
                        field -> fileOf.put(field.getKey(), field.getValue().asText()));
        if (fileOf.isEmpty()) {
            throw new ModelFormatException(index + " has no weight_map");
        }
        for (String name : new TreeSet<>(fileOf.values())) {
            if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*\\.safetensors")) {
                throw new ModelFormatException(
                        index + " names '" + name + "', which is no safetensors file in the model directory itself");
            }
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new ModelFormatException(index + " names " + name + ", which is not there");
            }
            add(directory.resolve(name));
        }
        fileOf.forEach((tensor, name) -> {
            Place place = places.get(tensor);
            if (place == null || !place.file.file().endsWith(name)) {
                throw new ModelFormatException(
                        index + " places tensor '" + tensor + "' in " + name + ", which lacks it");
            }
        });
    }

    private void add(Path path) throws IOException {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        for (SafetensorsHeader.Entry entry : file.tensors().values()) {
            Place before = places.put(entry.name(), new Place(file, entry));
            if (before != null) {
                throw new ModelFormatException(
                        "tensor '" + entry.name() + "' is in " + before.file.file() + " and in " + path);
            }
        }
    }

    /** The layout of the model, once all its names and shapes are known to be those of the files, and the types readable. */
    ParameterLayout checkedLayout(DecoderConfig config) {
        // Before a list of blocks is made by a number from outside: a block has tensors.
        if (config.numHiddenLayers() > places.size()) {
            throw new ModelFormatException("config.json in " + directory + " asks for " + config.numHiddenLayers()
                    + " blocks (num_hidden_layers), but the weights have only " + places.size() + " tensors");
        }
        ParameterLayout layout = ParameterLayout.of(config);
        checkTensors(layout);
        return layout;
    }

    /** Reads every tensor of a layout that {@link #checkedLayout} gave. */
    void readInto(ParameterLayout layout, FlatVector parameters) throws IOException {
        for (Tensor tensor : layout.tensors()) {
            Place place = places.get(tensor.name());
            place.file.read(place.entry, (at, values, n) -> parameters.write(tensor.offset() + at, values, n));
        }
        if (places.containsKey(HEAD) && !has(layout, HEAD)) {
            checkHeadIsEmbedding(layout.tensor(EMBEDDING), parameters);
        }
    }

    private void checkTensors(ParameterLayout layout) {
        TreeSet<String> missing = new TreeSet<>();
        TreeSet<String> unexpected = new TreeSet<>(places.keySet());
        // Tables that old versions of transformers saved, and a copy of the embedding that some programs write.
        unexpected.removeIf(name -> name.endsWith(".rotary_emb.inv_freq") || name.equals(HEAD));
        for (Tensor tensor : layout.tensors()) {
            unexpected.remove(tensor.name());
            Place place = places.get(tensor.name());
            if (place == null) {
                missing.add(tensor.name());
                continue;
            }
            place.file.requireReadable(place.entry);
            long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
            if (!Arrays.equals(shape, place.entry.shape())) {
                throw new ModelFormatException("tensor '" + tensor.name() + "' in " + place.file.file()
                        + " has the shape " + Arrays.toString(place.entry.shape()) + ", but config.json asks for "
                        + Arrays.toString(shape));
            }
        }
        if (!missing.isEmpty() || !unexpected.isEmpty()) {
            throw new ModelFormatException("the weights in " + directory + " are not those that config.json asks for:"
                    + some(" missing", missing) + some(" unexpected", unexpected));
        }
    }

    private static String some(String what, TreeSet<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String first = String.join(", ", names.stream().limit(3).toList());
        return what + " " + first + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "") + ";";
    }

    private void checkHeadIsEmbedding(Tensor embedding, FlatVector parameters) throws IOException {
        Place head = places.get(HEAD);
        boolean[] equal = {head.entry.length() == embedding.length()};
        if (equal[0]) {
            float[] expected = new float[SafetensorsFile.PIECE];
            head.file.read(head.entry, (at, values, n) -> {
                parameters.read(embedding.offset() + at, expected, n);
                equal[0] &= Arrays.equals(values, 0, n, expected, 0, n);
            });
        }
        if (!equal[0]) {
            throw new ModelFormatException("config.json in " + directory + " ties the head to the embedding"
                    + " (tie_word_embeddings), but " + HEAD + " differs from " + EMBEDDING);
        }
    }

    private static boolean has(ParameterLayout layout, String name) {
        return layout.tensors().stream().anyMatch(tensor -> tensor.name().equals(name));
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files) {
            file.close();
        }
    }
}
