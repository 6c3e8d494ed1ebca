package dev.sparktune.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The Python that has the real readers (pandas, DuckDB, datasets, transformers): {@code SPARKTUNE_PYTHON}, as
 * {@code scripts/python-env} makes it.
 */
public final class PythonEnv {
    private PythonEnv() {}

    /** The interpreter; without the variable the test is skipped. */
    public static Path require() {
        return EnvironmentVariable.require("SPARKTUNE_PYTHON", "");
    }

    /**
     * What {@code script} (a file) prints on stdout.
     *
     * @throws IllegalStateException when it exits other than 0, with the end of its stderr
     */
    public static String run(Path script, Object... arguments) {
        List<String> words = new ArrayList<>(List.of(script.toString()));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return start(words);
    }

    /** As {@link #run}, with the source itself: for the few lines that only one test needs. */
    public static String runSource(String source, Object... arguments) {
        List<String> words = new ArrayList<>(List.of("-c", source));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return start(words);
    }

    private static String start(List<String> words) {
        List<String> command = new ArrayList<>(List.of(require().toString()));
        command.addAll(words);
        try {
            // A file, not a pipe: nobody needs to read stderr while stdout is read.
            Path errors = Files.createTempFile("sparktune-python", ".stderr");
            try {
                ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
                builder.environment().put("HF_HUB_OFFLINE", "1");
                builder.environment().put("PYTHONWARNINGS", "ignore");
                Process process = builder.start();
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes());
                int exit = process.waitFor();
                if (exit != 0) {
                    String stderr = Files.readString(errors);
                    throw new IllegalStateException(String.join(" ", command) + " exited " + exit + ": "
                            + stderr.substring(Math.max(0, stderr.length() - 4000)));
                }
                return output;
            } finally {
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running " + command, e);
        }
    }
}
