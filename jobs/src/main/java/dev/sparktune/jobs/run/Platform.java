package dev.sparktune.jobs.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.package$;

/** The machine and the versions that a job runs on: checked at its start, recorded in its {@code metrics.json}. */
public final class Platform {
    private Platform() {}

    /** @throws JobFailure for a Spark that is not 3.5 with Scala 2.12; an older Java comes no further than to the entry */
    static void check() {
        check(package$.MODULE$.SPARK_VERSION(), scala.util.Properties$.MODULE$.versionNumberString());
    }

    static void check(String spark, String scala) {
        if (!spark.startsWith("3.5.") || !scala.startsWith("2.12.")) {
            throw new JobFailure(
                    "sparktune needs Spark 3.5 with Scala 2.12, but this is Spark " + spark + " with Scala " + scala);
        }
    }

    /** Versions, the driver's machine, and the cores and threads of an executor, for metrics.json and reports. */
    public static Map<String, Object> describe(SparkConf spark) {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("java", System.getProperty("java.version"));
        environment.put("spark", package$.MODULE$.SPARK_VERSION());
        environment.put("scala", scala.util.Properties$.MODULE$.versionNumberString());
        environment.put("master", Redaction.text(spark.get("spark.master", "")));
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        if (spark.contains(ExecutorFlags.CORES)) {
            environment.put("executor_cores", spark.getInt(ExecutorFlags.CORES, 1));
        }
        ExecutorFlags.threads(spark).ifPresent(threads -> environment.put("threads", threads));
        environment.put("heap_mb", Runtime.getRuntime().maxMemory() >> 20);
        return environment;
    }
}
