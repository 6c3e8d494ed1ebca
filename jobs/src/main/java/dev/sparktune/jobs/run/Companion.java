package dev.sparktune.jobs.run;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A second directory of a job, beside its output: {@code OUTPUT/adapter} of {@code OUTPUT/model}. A run writes it to {@code __NAME}
 * within its output, so that both get their names at once; only then is it moved to its place. Where a run is cut off before that,
 * the next one finds it within, and moves it.
 *
 * @param output with its final name
 * @param name of the directory
 */
record Companion(FileSystem fileSystem, Path output, String name) {
    /** In an output that has one. */
    private static final String MADE = "__has_companion";

    /**
     * The last step before an output is whole.
     *
     * @param partial where it was written; where the run made none, an empty one will take away that of an earlier run
     */
    void seal(Path partial, String identity) throws IOException {
        Path within = within(partial);
        if (fileSystem.exists(within) && fileSystem.listStatus(within).length > 0) {
            new IdentityFile(fileSystem, within).write(identity);
            fileSystem.create(new Path(partial, MADE), true).close();
        } else {
            fileSystem.mkdirs(within);
        }
    }

    /** The first step once the output has its name; nothing where that was done. */
    void settle() throws IOException {
        Path within = within(output);
        if (!fileSystem.exists(within)) {
            return;
        }
        fileSystem.delete(place(), true);
        if (!wasMade()) {
            fileSystem.delete(within, true);
        } else if (!fileSystem.rename(within, place())) {
            throw new IOException("cannot rename " + within + " to " + place());
        }
    }

    /** Whether a finished output of that identity has all that belongs to it. */
    boolean isSettled(String identity) throws IOException {
        return !fileSystem.exists(within(output))
                && (!wasMade() || new IdentityFile(fileSystem, place()).says(identity));
    }

    /** Whether nothing would be lost if a run of that identity took the place. */
    boolean isFreeFor(String identity) throws IOException {
        return !fileSystem.exists(place())
                || fileSystem.listStatus(place()).length == 0
                || new IdentityFile(fileSystem, place()).says(identity);
    }

    private boolean wasMade() throws IOException {
        return fileSystem.exists(new Path(output, MADE));
    }

    private Path within(Path directory) {
        return new Path(directory, "__" + name);
    }

    Path place() {
        return new Path(output.getParent(), name);
    }
}
