package dev.sparktune.jobs.run;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.model.kernel.KernelThreads;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;

/**
 * What executors need that hold a model, set before the session: one task at a time, as many threads as cores, and room for
 * tensors. What the user gave stays.
 */
final class ExecutorFlags {
    /** System properties without which no executor computes. */
    static final List<String> NEEDED =
            List.of(TensorMemory.MAX_BYTES, TensorMemory.MAX_PHYSICAL_BYTES, KernelThreads.PROPERTY);

    static final String CORES = "spark.executor.cores";
    static final String TASK_CPUS = "spark.task.cpus";
    static final String OPTIONS = "spark.executor.extraJavaOptions";
    private static final String OPTIONS_OF_ALL = "spark.executor.defaultJavaOptions";
    private static final String OPEN_MP = "spark.executorEnv.OMP_NUM_THREADS";
    private static final String COMMON_POOL = "java.util.concurrent.ForkJoinPool.common.parallelism";

    private ExecutorFlags() {}

    /**
     * To be called after {@link ShippedDefaults}.
     *
     * @throws SettingsException for Spark properties that are missing or contradict each other
     */
    static void apply(SparkConf conf, Job job) {
        Master master = Master.of(conf);
        if (master.isLocal()) { // this JVM is the executor
            if (System.getProperty(KernelThreads.PROPERTY) == null) {
                System.setProperty(KernelThreads.PROPERTY, Integer.toString(master.localThreads()));
            }
        } else if (job.tasksHoldModel()) {
            int cores = cores(conf, job, master);
            oneTaskAtATime(conf, cores);
            runThreads(conf, cores);
            TensorMemory.agree(conf);
        }
        threads(conf); // whether the user's number is one
    }

    /** How many threads the arithmetic of an executor takes; empty where it does none. */
    static Optional<Integer> threads(SparkConf conf) {
        Optional<String> given = Master.of(conf).isLocal()
                ? Optional.ofNullable(System.getProperty(KernelThreads.PROPERTY))
                : property(conf, KernelThreads.PROPERTY);
        return given.map(threads -> wholeNumber("-D" + KernelThreads.PROPERTY, threads));
    }

    /** What executors are started with as {@code -Dname=value}. */
    static Optional<String> property(SparkConf conf, String name) {
        return new JavaOptions(conf.get(OPTIONS_OF_ALL, "") + " " + conf.get(OPTIONS, "")).property(name);
    }

    /** Starts executors with {@code -Dname=value}, unless they are with another value. */
    static void setIfMissing(SparkConf conf, String name, String value) {
        if (property(conf, name).isEmpty()) {
            conf.set(
                    OPTIONS,
                    new JavaOptions(conf.get(OPTIONS, ""))
                            .withDefault(name, value)
                            .line());
        }
    }

    private static int cores(SparkConf conf, Job job, Master master) {
        if (!conf.contains(CORES)) {
            if (!master.givesOneCoreByDefault()) {
                throw new SettingsException(CORES + ": is required on " + Redaction.text(master.url()) + ", where an"
                        + " executor takes every core of its worker otherwise; " + job.name()
                        + " runs one task on all cores of an executor: give --executor-cores N");
            }
            conf.set(CORES, "1");
        }
        return wholeNumber(CORES, conf.get(CORES));
    }

    private static void oneTaskAtATime(SparkConf conf, int cores) {
        if (conf.contains(TASK_CPUS) && wholeNumber(TASK_CPUS, conf.get(TASK_CPUS)) != cores) {
            throw new SettingsException(TASK_CPUS + ": is " + conf.get(TASK_CPUS) + ", but must be the " + cores
                    + " of " + CORES + ", since an executor runs one task at a time; leave it out");
        }
        conf.set(TASK_CPUS, Integer.toString(cores));
    }

    private static void runThreads(SparkConf conf, int cores) {
        setIfMissing(conf, KernelThreads.PROPERTY, Integer.toString(cores));
        // The kernels run on the threads of this pool and on the task's own.
        setIfMissing(conf, COMMON_POOL, Integer.toString(Math.max(1, cores - 1)));
        // ND4J's own operations, and what else uses OpenMP, take all of the machine's cores otherwise.
        conf.setIfMissing(OPEN_MP, Integer.toString(cores));
    }

    private static int wholeNumber(String name, String value) {
        if (!value.matches("[1-9][0-9]{0,4}")) {
            throw new SettingsException(name + ": must be a whole number from 1 to 99999, but is '" + value + "'");
        }
        return Integer.parseInt(value);
    }
}
