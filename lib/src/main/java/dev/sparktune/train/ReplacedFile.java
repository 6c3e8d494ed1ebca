package dev.sparktune.train;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A small text file that is replaced as a whole. Few file systems rename onto a file that is there, so the new text stands whole as
 * {@code NAME.__new} before the old one goes: whenever a process is killed, one of both is there to be read.
 */
public record ReplacedFile(FileSystem fs, Path path) {
    /** The text that was written last; empty where none ever was. */
    public Optional<String> read() throws IOException {
        Path standing = fs.exists(path) ? path : beside(".__new");
        if (!fs.exists(standing)) {
            return Optional.empty();
        }
        try (InputStream in = fs.open(standing)) {
            return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    public void write(String text) throws IOException {
        Path growing = beside(".__partial");
        Path whole = beside(".__new");
        try (OutputStream out = fs.create(growing, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        if (!fs.exists(path) && fs.exists(whole)) { // a replacement that was cut off
            rename(whole, path);
        }
        fs.delete(whole, false);
        rename(growing, whole);
        fs.delete(path, false);
        rename(whole, path);
    }

    private Path beside(String suffix) {
        return path.suffix(suffix);
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fs.rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
