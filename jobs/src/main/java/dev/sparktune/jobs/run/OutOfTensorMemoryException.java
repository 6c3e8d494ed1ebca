package dev.sparktune.jobs.run;

/** Tensors need more memory than this process may take for them; the message says which setting gives it more. */
public final class OutOfTensorMemoryException extends RuntimeException {
    OutOfTensorMemoryException(String message) {
        super(message); // and no cause: Spark ends an executor for an error that stands behind a task's exception
    }
}
