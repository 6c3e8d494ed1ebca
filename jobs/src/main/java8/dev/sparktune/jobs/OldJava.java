package dev.sparktune.jobs;

import org.apache.spark.SparkUserAppException;

/**
 * Refuses a Java below 17 in one line. Like the entries beside it this is compiled for Java 8: the classes behind them would not
 * even load.
 */
final class OldJava {
    private OldJava() {}

    static void refuse(String job) throws SparkUserAppException {
        String version = System.getProperty("java.specification.version"); // 1.8, 11, 17
        if (version.startsWith("1.") || Integer.parseInt(version) < 17) {
            System.err.println("sparktune " + job + ": sparktune needs Java 17 or later, but this is Java " + version
                    + " (" + System.getProperty("java.home") + ")");
            throw new SparkUserAppException(1);
        }
    }
}
