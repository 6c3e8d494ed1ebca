package dev.sparktune.testing;

import java.nio.file.Path;

/** A real Spark distribution, the one of pip's pyspark: {@code SPARKTUNE_SPARK_HOME}. */
public final class SparkHome {
    private SparkHome() {}

    /** The distribution's directory, with {@code bin/spark-submit} in it; without the variable the test is skipped. */
    public static Path require() {
        return EnvironmentVariable.require("SPARKTUNE_SPARK_HOME", "bin/spark-submit");
    }
}
