package dev.sparktune.model.hf;

/** A model directory that cannot be taken as it is; the message names the file and the tensor or option. */
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ModelFormatException(String message) {
        super(message);
    }

    ModelFormatException(String message, Throwable cause) {
        super(message, cause);
    }
}
