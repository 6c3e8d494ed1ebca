package dev.sparktune.testing;

import java.nio.file.Path;

/** A real Airflow with its Spark provider: {@code SPARKTUNE_AIRFLOW}, the command. */
public final class AirflowEnv {
    private AirflowEnv() {}

    /** The command {@code airflow}; without the variable the test is skipped. */
    public static Path require() {
        return EnvironmentVariable.require("SPARKTUNE_AIRFLOW", "");
    }
}
