package dev.sparktune.jobs.run;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A file that two attempts at one task may write at once: each writes under its own name, the first to finish gives its file.
 *
 * @param file as it is named when it is whole
 * @param attempt a number that no other attempt at any part has
 */
public record PartFile(FileSystem fs, Path file, long attempt) {

    /** Where this attempt writes; what begins so was cut off, when nobody writes any more. */
    public Path growing() {
        return new Path(file.getParent(), "_" + attempt + "-" + file.getName());
    }

    /** What this attempt wrote becomes the file, unless another's stands already. */
    public void finish() throws IOException {
        if (!fs.exists(file) && !fs.rename(growing(), file)) {
            throw new IOException("cannot rename " + growing() + " to " + file);
        }
        fs.delete(growing(), false);
    }
}
