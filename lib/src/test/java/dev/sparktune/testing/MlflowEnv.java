package dev.sparktune.testing;

import java.nio.file.Path;

/** A real MLflow with its server: {@code SPARKTUNE_MLFLOW}, the command. */
public final class MlflowEnv {
    private MlflowEnv() {}

    /** The command {@code mlflow}; without the variable the test is skipped. */
    public static Path require() {
        return EnvironmentVariable.require("SPARKTUNE_MLFLOW", "");
    }
}
