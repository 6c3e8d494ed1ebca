package dev.sparktune.jobs.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import org.apache.spark.SparkConf;

/**
 * The flags of {@code conf/spark.properties}, from the jar, for a job that was submitted without the file: what the user
 * set stays, and what can no longer be set once the JVM runs, the driver's memory, is left to Spark's own default.
 */
final class ShippedDefaults {
    private static final String RESOURCE = "/conf/spark.properties";

    private static final String SHUFFLE_PARTITIONS = "spark.sql.shuffle.partitions";
    /** Spark's 200 in all are for clusters: in one JVM their tasks cost more than they do. */
    private static final int LOCAL_PARTITIONS_PER_THREAD = 4;

    private ShippedDefaults() {}

    static void apply(SparkConf conf) throws IOException {
        Properties shipped = new Properties();
        try (InputStream in = ShippedDefaults.class.getResourceAsStream(RESOURCE)) {
            shipped.load(in);
        }
        apply(shipped, conf);
        Master master = Master.of(conf);
        if (master.isLocal() && !conf.contains(SHUFFLE_PARTITIONS)) {
            conf.set(SHUFFLE_PARTITIONS, String.valueOf(LOCAL_PARTITIONS_PER_THREAD * master.localThreads()));
        }
    }

    static void apply(Properties shipped, SparkConf conf) {
        for (String key : shipped.stringPropertyNames()) {
            String value = shipped.getProperty(key).strip();
            if (key.equals("spark.driver.extraJavaOptions")) {
                setSystemProperties(value);
            } else if (!key.startsWith("spark.driver.") && !conf.contains(key)) {
                conf.set(key, value);
            }
        }
    }

    /** The {@code -Dname=value} among the options: the libraries that read them are not loaded yet. */
    private static void setSystemProperties(String options) {
        for (String option : options.split("\\s+")) {
            int equals = option.indexOf('=');
            if (option.startsWith("-D") && equals > 0 && System.getProperty(option.substring(2, equals)) == null) {
                System.setProperty(option.substring(2, equals), option.substring(equals + 1));
            }
        }
    }
}
