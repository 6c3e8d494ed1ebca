package dev.sparktune.train;

/** Another worker of the run can no longer be reached: what it failed of, it tells itself. */
public final class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public PeerLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
