package dev.sparktune.train;

import org.apache.hadoop.fs.Path;

/** A checkpoint of a run with other options or data: going on from it would give a model that no settings describe. */
public final class ForeignCheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ForeignCheckpointException(Path checkpoint, String theirs, String ours) {
        super(checkpoint + " was written by a run with other options or data (" + theirs + ", now " + ours
                + "): remove it or train into another directory");
    }
}
