package dev.sparktune.jobs.testing;

import org.apache.spark.sql.SparkSession;

/** One {@code local[2]} session for all tests of a JVM: starting it costs more than most tests do. Nobody stops it. */
public final class LocalSpark {
    private static SparkSession session;

    private LocalSpark() {}

    public static synchronized SparkSession session() {
        if (session == null || session.sparkContext().isStopped()) { // a job run as a whole stops the session it finds
            session = SparkSession.builder()
                    .master("local[2]")
                    .appName("sparktune tests")
                    .config("spark.ui.enabled", false)
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", 2)
                    .config("spark.sql.warehouse.dir", "target/spark-warehouse")
                    .config("spark.sql.session.timeZone", "UTC")
                    .getOrCreate();
        }
        return session;
    }
}
