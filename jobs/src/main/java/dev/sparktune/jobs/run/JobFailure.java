package dev.sparktune.jobs.run;

/** A failure that the user can mend: its message is the one line that they see. Exit code 1. */
public final class JobFailure extends RuntimeException {
    public JobFailure(String message) {
        super(message);
    }

    public JobFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
