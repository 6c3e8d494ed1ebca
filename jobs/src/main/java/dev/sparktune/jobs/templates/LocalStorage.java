package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.io.InputFile;

/** Paths of this machine, by Java's own means: Hadoop would take longer to start than the command has. */
final class LocalStorage implements Storage {
    @Override
    public List<String> filesBelow(String uri) throws IOException {
        Path root = path(uri);
        if (!Files.exists(root)) {
            throw new JobFailure(uri + ": no such file or directory");
        }
        return filesBelow(root);
    }

    static List<String> filesBelow(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root) && Files.isRegularFile(path))
                    .map(path -> root.relativize(path).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    @Override
    public InputStream open(String uri) throws IOException {
        return Files.newInputStream(path(uri));
    }

    @Override
    public InputFile inputFile(String uri) {
        return new LocalInputFile(path(uri));
    }

    private static Path path(String uri) {
        return uri.startsWith("file:") ? Path.of(URI.create(uri).getPath()) : Path.of(uri);
    }
}
