package dev.sparktune.jobs.run;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.FSDataOutputStream;
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

    private final FileSystem fileSystem;
    private final Path target;
    private final Path partial;
    private final Path old;
    private final Companion companion; // null: none

    /** @param companion name of one; null: none */
    OutputDirectory(FileSystem fileSystem, Path target, String companion) {
        this.fileSystem = fileSystem;
        this.target = target;
        this.partial = target.suffix(".__partial");
        this.old = target.suffix(".__old");
        this.companion = companion == null ? null : new Companion(fileSystem, target, companion);
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
                && identity(target).says(identity)
                && !fileSystem.exists(old)
                && (companion == null || companion.isSettled(identity));
    }

    /**
     * Looks at what is there and makes the work directory.
     *
     * @param identity of the job's settings and inputs
     * @param resumable whether unfinished work is worth keeping: it is refused for where it is of another identity, and gone on with
     *     where a finished output is to be overwritten
     * @throws JobFailure where something is in the way that only {@code --overwrite} may remove
     */
    State open(String identity, boolean resumable, boolean overwrite) throws IOException {
        settleInterruptedReplacement();
        if (fileSystem.exists(target)) {
            boolean whole = fileSystem.exists(new Path(target, METRICS));
            if (whole && !overwrite && identity(target).says(identity)) {
                requireCompanion(identity);
                return State.UP_TO_DATE;
            }
            if (!overwrite && (whole || fileSystem.listStatus(target).length > 0)) {
                throw inTheWay(target, whole);
            }
        }
        if (!overwrite && companion != null && !companion.isFreeFor(identity)) {
            throw inTheWay(companion.place(), identity(companion.place()).exists());
        }
        if (fileSystem.exists(partial)) {
            if (identity(partial).says(identity) && (resumable || !overwrite)) {
                return goOn();
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
        identity(partial).write(identity);
        return State.FRESH;
    }

    private void requireCompanion(String identity) throws IOException {
        if (companion != null && !companion.isSettled(identity)) {
            throw new JobFailure(Redaction.text(companion.place().toString())
                    + ": is gone or was replaced, but belongs to the finished " + Redaction.text(target.toString())
                    + "; give --overwrite to make both anew");
        }
    }

    private static JobFailure inTheWay(Path path, boolean output) {
        return new JobFailure(Redaction.text(path.toString())
                + (output
                        ? ": holds a finished output of other settings or inputs"
                        : ": is there already, but is no output of sparktune")
                + "; give --overwrite to replace it, or another output");
    }

    /** Of work that was cut off behind its last file only the name is missing. */
    private State goOn() throws IOException {
        if (!fileSystem.exists(new Path(partial, METRICS))) {
            return State.UNFINISHED;
        }
        giveName();
        return State.UP_TO_DATE;
    }

    /** Writes {@code metrics.json} and gives the directory its name. */
    void commit(String metricsJson) throws IOException {
        if (companion != null) {
            companion.seal(partial, identity(partial).read());
        }
        Path metrics = new Path(partial, METRICS);
        Path growing = new Path(partial, "__" + METRICS);
        try (FSDataOutputStream out = fileSystem.create(growing, true)) {
            out.write(metricsJson.getBytes(StandardCharsets.UTF_8));
        }
        rename(growing, metrics);
        giveName();
    }

    private void giveName() throws IOException {
        if (fileSystem.exists(target)) {
            fileSystem.delete(old, true);
            rename(target, old);
        }
        rename(partial, target);
        fileSystem.delete(old, true);
        settleCompanion();
    }

    private void settleCompanion() throws IOException {
        if (companion != null) {
            companion.settle();
        }
    }

    private void settleInterruptedReplacement() throws IOException {
        boolean partialIsWhole = fileSystem.exists(new Path(partial, METRICS));
        if (fileSystem.exists(old) && !fileSystem.exists(target)) {
            rename(partialIsWhole ? partial : old, target);
        } else if (partialIsWhole && !fileSystem.exists(target)) {
            rename(partial, target);
        }
        fileSystem.delete(old, true);
        settleCompanion();
    }

    /** A run that failed at its start left no more than its identity. */
    private boolean holdsWork() throws IOException {
        return identity(partial).exists() && fileSystem.listStatus(partial).length > 1;
    }

    private IdentityFile identity(Path directory) {
        return new IdentityFile(fileSystem, directory);
    }

    private void rename(Path from, Path to) throws IOException {
        if (!fileSystem.rename(from, to)) {
            throw new IOException("cannot rename " + from + " to " + to);
        }
    }
}
