package dev.sparktune.jobs.train;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrainSettings;
import org.apache.spark.SparkConf;

/** How many executors share a run's updates. */
final class WorkerCount {
    private static final String INSTANCES = "spark.executor.instances";
    private static final String CORES_MAX = "spark.cores.max";
    private static final String EXECUTOR_CORES = "spark.executor.cores";
    private static final String DYNAMIC = "spark.dynamicAllocation.enabled";

    private WorkerCount() {}

    /** @throws SettingsException where neither {@code train.workers} nor Spark's properties tell, or they cannot be had */
    static int of(TrainSettings settings, SparkConf conf, boolean local) {
        if (local) {
            if (settings.workers() != null && settings.workers() > 1) {
                throw new SettingsException("train.workers is " + settings.workers()
                        + ", but there is one JVM: give a cluster's --master, or leave it out");
            }
            return 1;
        }
        if (conf.getBoolean(DYNAMIC, false)) {
            throw new SettingsException(
                    DYNAMIC + " is true, but the workers of a run must all be there at once, which Spark"
                            + " has no barrier for then: give --conf " + DYNAMIC + "=false and --num-executors N");
        }
        if (settings.workers() != null) {
            return settings.workers();
        }
        if (conf.contains(INSTANCES)) {
            return conf.getInt(INSTANCES, 1);
        }
        if (conf.contains(CORES_MAX) && conf.contains(EXECUTOR_CORES)) {
            return Math.max(1, conf.getInt(CORES_MAX, 1) / conf.getInt(EXECUTOR_CORES, 1));
        }
        throw new SettingsException("train.workers: is required where neither " + INSTANCES + " nor " + CORES_MAX
                + " says how many executors there are");
    }
}
