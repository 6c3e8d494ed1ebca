package dev.sparktune.jobs.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * Who gives Spark its executors.
 *
 * @param url as {@code --master}; empty where spark-submit was not asked, which is one JVM too
 */
record Master(String url) {
    private static final Pattern LOCAL = Pattern.compile("(?:local(?:\\[\\s*(\\*|[0-9]+)\\s*(?:,[^]]*)?])?)?");

    static Master of(SparkConf conf) {
        return new Master(conf.get("spark.master", ""));
    }

    /** Whether the driver's JVM is the only executor. */
    boolean isLocal() {
        return LOCAL.matcher(url).matches();
    }

    /** The N of {@code local[N]}, {@code *} being all of the machine's processors. */
    int localThreads() {
        Matcher local = LOCAL.matcher(url);
        if (!local.matches()) {
            throw new IllegalStateException(url + " is no local master");
        }
        if (local.group(1) == null) {
            return 1;
        }
        return local.group(1).equals("*")
                ? Runtime.getRuntime().availableProcessors()
                : Integer.parseInt(local.group(1));
    }

    /** Whether executors have one core unless more are asked for; others give all that a machine has. */
    boolean givesOneCoreByDefault() {
        return url.startsWith("yarn") || url.startsWith("k8s://");
    }
}
