package dev.sparktune.model.hf;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The weights of a model directory: {@code model.safetensors}, or the files that {@code model.safetensors.index.json} names,
 * which have to lie in the directory itself.
 */
final class Weights implements AutoCloseable {
    static final String FILE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";

    /** What files of any family call a head of its own; a tied one may be a copy of the embedding. */
    private static final Set<String> HEADS = Set.of("lm_head.weight", "embed_out.weight");

    private record Place(SafetensorsFile file, SafetensorsHeader.Entry entry) {}

    private final Path directory;
    private final String config;
    private final Set<String> heads;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, Place> places = new LinkedHashMap<>();

    private Weights(Path directory, String config, Set<String> heads) {
        this.directory = directory;
        this.config = config;
        this.heads = heads;
    }

    /** Those of an adapter. */
    static Weights openAdapter(Path directory) throws IOException {
        Weights weights = new Weights(directory, HfAdapter.CONFIG, Set.of());
        if (!Files.exists(directory.resolve(HfAdapter.FILE))) {
            throw new ModelFormatException("the adapter directory " + directory + " has no " + HfAdapter.FILE
                    + "; weights in other formats are not read");
        }
        weights.add(directory.resolve(HfAdapter.FILE));
        return weights;
    }

    static Weights open(Path directory) throws IOException {
        Weights weights = new Weights(directory, ModelInfo.CONFIG, HEADS);
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

    /** Checks that there are enough tensors for the blocks of a configuration, before a list is made of so many. */
    void checkBlocks(int blocks) {
        if (blocks > places.size()) {
            throw new ModelFormatException("config.json in " + directory + " asks for " + blocks
                    + " blocks, but the weights have only " + places.size() + " tensors");
        }
    }

    /**
     * Checks that the files hold these tensors, in their shapes and in types that are read, and no others.
     *
     * @param ignored of further tensors, an expression for the ends of the names that are no parameters
     */
    void check(List<HfTensor> tensors, String ignored) {
        Pattern ignoredNames = Pattern.compile("(" + ignored + ")$");
        TreeSet<String> missing = new TreeSet<>();
        TreeSet<String> unexpected = new TreeSet<>(places.keySet());
        unexpected.removeIf(name -> ignoredNames.matcher(name).find());
        for (HfTensor tensor : tensors) {
            Place place = place(tensor);
            if (place == null) {
                missing.add(tensor.name());
                continue;
            }
            unexpected.remove(place.entry.name());
            place.file.requireReadable(place.entry);
            long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
            if (!Arrays.equals(shape, place.entry.shape())) {
                throw new ModelFormatException("tensor '" + place.entry.name() + "' in " + place.file.file()
                        + " has the shape " + Arrays.toString(place.entry.shape()) + ", but " + config + " asks for "
                        + Arrays.toString(shape));
            }
        }
        if (tensors.stream().noneMatch(Weights::isHead)) {
            unexpected.removeAll(heads); // a copy of the embedding that some programs write
        }
        if (!missing.isEmpty() || !unexpected.isEmpty()) {
            throw new ModelFormatException("the weights in " + directory + " are not those that " + config
                    + " asks for:" + some(" missing", missing) + some(" unexpected", unexpected));
        }
    }

    /** Reads every tensor of a list that {@link #check} found whole; its first is the embedding. */
    void readInto(List<HfTensor> tensors, FlatVector parameters) throws IOException {
        for (HfTensor tensor : tensors) {
            Place place = place(tensor);
            place.file.read(place.entry, (at, values, n) -> parameters.write(tensor, at, values, n));
        }
        if (tensors.stream().noneMatch(Weights::isHead)) {
            for (String head : heads) {
                if (places.containsKey(head)) {
                    checkHeadIsEmbedding(places.get(head), tensors.get(0), parameters);
                }
            }
        }
    }

    private Place place(HfTensor tensor) {
        return tensor.names().stream()
                .map(places::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static boolean isHead(HfTensor tensor) {
        return tensor.names().stream().anyMatch(HEADS::contains);
    }

    private static String some(String what, TreeSet<String> names) {
        if (names.isEmpty()) {
            return "";
        }
        String first = String.join(", ", names.stream().limit(3).toList());
        return what + " " + first + (names.size() > 3 ? " and " + (names.size() - 3) + " more" : "") + ";";
    }

    private void checkHeadIsEmbedding(Place head, HfTensor embedding, FlatVector parameters) throws IOException {
        boolean[] equal = {head.entry.length() == embedding.length()};
        if (equal[0]) {
            head.file.read(
                    head.entry, (at, values, n) -> equal[0] = equal[0] && parameters.holds(embedding, at, values, n));
        }
        if (!equal[0]) {
            throw new ModelFormatException("config.json in " + directory + " ties the head to the embedding"
                    + " (tie_word_embeddings), but " + head.entry.name() + " differs from " + embedding.name());
        }
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files) {
            file.close();
        }
    }
}
