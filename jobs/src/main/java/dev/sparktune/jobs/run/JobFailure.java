package dev.sparktune.jobs.run;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A failure that the user can mend: its message is the one line that they see. Exit code 1. */
public final class JobFailure extends RuntimeException {
    /** Whether a message says all that the user needs, and where the exception was thrown nothing more. */
    public static boolean isSaidByMessage(Throwable e) {
        return e instanceof JobFailure
                || e instanceof OutOfTensorMemoryException
                || e instanceof IOException
                || e instanceof UncheckedIOException;
    }

    public JobFailure(String message) {
        super(message);
    }

    public JobFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
