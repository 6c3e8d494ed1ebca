package dev.sparktune.jobs.input;

/**
 * A file that cannot be read with the others.
 *
 * @param path its URI
 * @param reason such as {@code empty (0 bytes)}
 */
public record BadFile(String path, String reason) {
    @Override
    public String toString() {
        return path + ": " + reason;
    }
}
