package dev.sparktune.jobs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One job's output from its first file to its final name. The work goes to {@code NAME.__partial}; {@code metrics.json} is
 * its last file; a rename makes it {@code NAME}. What it replaces waits as {@code NAME.__old} until the new one stands. A
 * run cut off anywhere in between is finished or undone by the next one.
 */
final class OutputDirectory {
    /** What was found, and so what is to be done. */
    enum State {
        /** Nothing of use: start from an empty directory. */
        FRESH,
        /** Unfinished work of the same identity lies in {@link #partial}. */
        UNFINISHED,
        /** A whole output of the same identity: nothing to do. */
        UP_TO_DATE
    }

    private static final String METRICS = "metrics.json";
    private static final String IDENTITY = "__identity";

    private final FileSystem fileSystem;
    private final Path target;
    private final Path partial;
    private final Path old;

    OutputDirectory(FileSystem fileSystem, Path target) {
        this.fileSystem = fileSystem;
        this.target = target;
        this.partial = target.suffix(".__partial");
        this.old = target.suffix(".__old");
    }

    Path target() {
        return target;
    }

    Path partial() {
        return partial;
    }

    FileSystem fileSystem() {
        return fileSystem;
    }

    /** The file that says who writes here. */
    Path lease() {
        return target.suffix(".__lease");
    }

    /** Whether a whole output of that identity stands and nothing is left to settle: then nothing need be written. */
    boolean isUpToDate(String identity) throws IOException {
        return fileSystem.exists(new Path(target, METRICS))
                && identity.equals(identityIn(target))
                && !fileSystem.exists(old);
    }

    /**
     * Looks at what is there and makes the work directory.
     *
     * @param identity of the job's settings and inputs
     * @param resumable whether unfinished work of another identity is worth refusing for
     * @throws JobFailure where something is in the way that only {@code --overwrite} may remove
     */
    State open(String identity, boolean resumable, boolean overwrite) throws IOException {
        settleInterruptedReplacement();
        if (fileSystem.exists(target)) {
            boolean whole = fileSystem.exists(new Path(target, METRICS));
            if (whole && !overwrite && identity.equals(identityIn(target))) {
                return State.UP_TO_DATE;
            }
            if (!overwrite && (whole || fileSystem.listStatus(target).length > 0)) {
                throw new JobFailure(Redaction.text(target.toString())
                        + (whole
                                ? ": holds a finished output of other settings or inputs"
                                : ": is there already, but is no output of sparktune")
                        + "; give --overwrite to replace it, or another output");
            }
        }
        if (fileSystem.exists(partial)) {
            if (!overwrite && identity.equals(identityIn(partial))) {
                return State.UNFINISHED;
            }
            if (!overwrite && resumable && holdsWork()) {
                throw new JobFailure(Redaction.text(partial.toString())
                        + ": holds unfinished work of other settings or inputs; give --overwrite to discard it, or"
                        + " the settings it was begun with to resume it");
            }
            fileSystem.delete(partial, true);
        }
        if (!fileSystem.mkdirs(partial)) {
            throw new JobFailure(Redaction.text(partial.toString()) + ": cannot be made");
        }
        write(new Path(partial, IDENTITY), identity);
        return State.FRESH;
    }

    /** Writes {@code metrics.json} and gives the directory its name. */
    void commit(String metricsJson) throws IOException {
        Path metrics = new Path(partial, METRICS);
        Path growing = new Path(partial, "__" + METRICS);
        write(growing, metricsJson);
        rename(growing, metrics);
        if (fileSystem.exists(target)) {
            fileSystem.delete(old, true);
            rename(target, old);
        }
        rename(partial, target);
        fileSystem.delete(old, true);
    }

    private void settleInterruptedReplacement() throws IOException {
        boolean partialIsWhole = fileSystem.exists(new Path(partial, METRICS));
        if (fileSystem.exists(old) && !fileSystem.exists(target)) {
            rename(partialIsWhole ? partial : old, target);
        } else if (partialIsWhole && !fileSystem.exists(target)) {
            rename(partial, target);
        }
        fileSystem.delete(old, true);
    }

    /** A run that failed at its start left no more than its identity. */
    private boolean holdsWork() throws IOException {
        return fileSystem.exists(new Path(partial, IDENTITY)) && fileSystem.listStatus(partial).length > 1;
    }

    private String identityIn(Path directory) throws IOException {
        Path file = new Path(directory, IDENTITY);
        if (!fileSystem.exists(file)) {
            return "";
        }
        FileStatus status = fileSystem.getFileStatus(file);
        byte[] bytes = new byte[(int) Math.min(status.getLen(), 1_000)];
        try (FSDataInputStream in = fileSystem.open(file)) {
            in.readFully(bytes);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void write(Path file, String text) throws IOException {
        try (FSDataOutputStream out = fileSystem.create(file, true)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
