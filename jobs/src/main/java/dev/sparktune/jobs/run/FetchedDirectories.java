package dev.sparktune.jobs.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Model directories of other file systems as directories of this machine. Each is fetched once by a JVM, which an executor is,
 * and again only when its files have changed; before each use the copy's lengths and checksums are compared with what came.
 */
final class FetchedDirectories {
    /** How much of the weights is wanted. */
    enum Weights {
        WHOLE,

        /** For who only looks whether a model could be loaded: their files are as long as they are, but hold a header only. */
        HEADERS
    }

    private static final String WEIGHTS = ".safetensors";

    /** Weights in forms that nothing here reads, and that often lie beside the others. */
    private static final List<String> NEVER_READ =
            List.of(".bin", ".pt", ".pth", ".h5", ".msgpack", ".onnx", ".gguf", ".ot", ".tflite");

    private static final Map<Key, Copy> COPIES = new HashMap<>();

    private record Key(org.apache.hadoop.fs.Path directory, Weights weights) {}

    private record Copy(Path directory, List<FetchedFile> files) {
        List<FetchedFile.Source> sources() {
            return files.stream().map(FetchedFile::source).toList();
        }
    }

    private FetchedDirectories() {}

    /**
     * The directory with its files, but not those of directories in it.
     *
     * @throws JobFailure for a file that comes cut, that changes meanwhile, or whose copy has changed since
     */
    static synchronized Path fetch(FileSystem from, org.apache.hadoop.fs.Path directory, Weights weights)
            throws IOException {
        Key key = new Key(directory, weights);
        List<FetchedFile.Source> sources = sources(from, directory);
        Copy copy = COPIES.remove(key); // back when it is found whole: another attempt fetches it again
        if (copy == null || !copy.sources().equals(sources)) {
            if (copy != null) {
                TemporaryDirectories.delete(copy.directory);
            }
            copy = copy(from, directory, sources, weights);
        }
        try {
            for (FetchedFile file : copy.files) {
                file.verify();
            }
        } catch (IOException | RuntimeException e) {
            TemporaryDirectories.delete(copy.directory);
            throw e;
        }
        COPIES.put(key, copy);
        return copy.directory;
    }

    private static List<FetchedFile.Source> sources(FileSystem from, org.apache.hadoop.fs.Path directory)
            throws IOException {
        List<FetchedFile.Source> sources = new ArrayList<>();
        for (FileStatus file : from.listStatus(directory)) {
            String name = file.getPath().getName().toLowerCase(Locale.ROOT);
            if (file.isFile() && NEVER_READ.stream().noneMatch(name::endsWith)) {
                sources.add(FetchedFile.Source.of(file));
            }
        }
        sources.sort(Comparator.comparing(FetchedFile.Source::name));
        return sources;
    }

    private static Copy copy(
            FileSystem from, org.apache.hadoop.fs.Path directory, List<FetchedFile.Source> sources, Weights weights)
            throws IOException {
        Path copy = TemporaryDirectories.make();
        List<FetchedFile> files = new ArrayList<>();
        try {
            for (FetchedFile.Source source : sources) {
                boolean headerOnly = weights == Weights.HEADERS && source.name().endsWith(WEIGHTS);
                files.add(headerOnly ? FetchedFile.header(from, source, copy) : FetchedFile.whole(from, source, copy));
            }
            if (!sources(from, directory).equals(sources)) {
                throw new JobFailure(Redaction.text(directory.toString()) + ": its files changed while they were read");
            }
        } catch (IOException | RuntimeException e) {
            TemporaryDirectories.delete(copy);
            throw e;
        }
        return new Copy(copy, files);
    }
}
