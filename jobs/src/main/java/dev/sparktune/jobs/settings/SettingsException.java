package dev.sparktune.jobs.settings;

/** A setting that cannot be: the message names the key, the value, the bound and the place. Exit code 2. */
public final class SettingsException extends RuntimeException {
    public SettingsException(String message) {
        super(message);
    }
}
