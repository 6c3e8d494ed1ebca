package dev.sparktune.train;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A text file that grows by lines. On a file system that appends, a line can be read as soon as it was added. Object stores know
 * whole files only: there the lines are kept in memory, and the file is written anew by {@link #flush}.
 */
final class GrowingFile implements AutoCloseable {
    private final ReplacedFile file;
    private final FSDataOutputStream out; // null: the file system does not append
    private final StringBuilder text;
    private boolean behind;

    /**
     * Replaces what is there.
     *
     * @param text that the file begins with
     */
    GrowingFile(FileSystem fs, Path path, String text) throws IOException {
        this.file = new ReplacedFile(fs, path);
        this.text = new StringBuilder(text);
        file.write(text);
        out = fs.hasPathCapability(path, CommonPathCapabilities.FS_APPEND) ? fs.append(path) : null;
    }

    void add(String line) throws IOException {
        if (out == null) {
            text.append(line).append('\n');
            behind = true;
            return;
        }
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        out.hflush();
    }

    /** All lines can be read then. */
    void flush() throws IOException {
        if (behind) {
            file.write(text.toString());
            behind = false;
        }
    }

    @Override
    public void close() throws IOException {
        flush();
        if (out != null) {
            out.close();
        }
    }
}
