package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.model.kernel.KernelThreads;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorFlagsTest {
    private static final Job TRAIN = job("train", true);
    private static final Job COPY = job("copy", false);

    @Test
    void executorsGetOneTaskOnAllTheirCoresAndRoomForTensors() {
        SparkConf conf = cluster().set("spark.executor.cores", "4");

        ExecutorFlags.apply(conf, TRAIN);

        assertThat(conf.get("spark.task.cpus")).isEqualTo("4");
        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("4");
        assertThat(conf.get("spark.executor.extraJavaOptions").split(" "))
                .containsExactlyInAnyOrder(
                        "-Ddev.sparktune.threads=4",
                        "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3",
                        "-Dorg.bytedeco.javacpp.maxbytes=4096m",
                        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
        assertThat(ExecutorFlags.threads(conf)).hasValue(4);
    }

    @Test
    void whatTheUserGaveStays() {
        SparkConf conf = cluster()
                .set("spark.executor.cores", "4")
                .set("spark.task.cpus", "4")
                .set("spark.executorEnv.OMP_NUM_THREADS", "1")
                .set("spark.executor.defaultJavaOptions", "-Ddev.sparktune.threads=3")
                .set(
                        "spark.executor.extraJavaOptions",
                        "-Dorg.bytedeco.javacpp.maxbytes=3g --add-opens=a/b=c -Dmine=1");

        ExecutorFlags.apply(conf, TRAIN);

        assertThat(conf.get("spark.executorEnv.OMP_NUM_THREADS")).isEqualTo("1");
        assertThat(conf.get("spark.executor.extraJavaOptions"))
                .endsWith(" -Dorg.bytedeco.javacpp.maxbytes=3g --add-opens=a/b=c -Dmine=1")
                .containsOnlyOnce("maxbytes")
                .doesNotContain("dev.sparktune.threads");
        assertThat(ExecutorFlags.threads(conf)).hasValue(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark://host:7077", "local-cluster[2,1,1024]"})
    void withoutCoresAnExecutorWouldTakeTheWholeMachine(String master) {
        SparkConf conf = cluster().setMaster(master);

        assertThatThrownBy(() -> ExecutorFlags.apply(conf, TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "spark.executor.cores: is required on " + master + ", where an executor takes every core of its"
                                + " worker otherwise; train runs one task on all cores of an executor: give --executor-cores N");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yarn", "k8s://https://host:6443"})
    void whereOneCoreIsTheDefaultItStays(String master) {
        SparkConf conf = cluster().setMaster(master);

        ExecutorFlags.apply(conf, TRAIN);

        assertThat(conf.get("spark.executor.cores")).isEqualTo("1");
        assertThat(conf.get("spark.task.cpus")).isEqualTo("1");
    }

    @Test
    void severalTasksPerExecutorAreRefused() {
        SparkConf conf = cluster().set("spark.executor.cores", "4").set("spark.task.cpus", "2");

        assertThatThrownBy(() -> ExecutorFlags.apply(conf, TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "spark.task.cpus: is 2, but must be the 4 of spark.executor.cores, since an executor runs one"
                                + " task at a time; leave it out");
    }

    @ParameterizedTest
    @CsvSource({"3g,2048m", "2g,1024m", "3072,2048m", "1025m,1m"})
    void theBoundOnTensorsFollowsFromMemoryOverhead(String overhead, String maxBytes) {
        SparkConf conf = cluster().set("spark.executor.cores", "1").set("spark.executor.memoryOverhead", overhead);

        ExecutorFlags.apply(conf, TRAIN);

        assertThat(ExecutorFlags.property(conf, TensorMemory.MAX_BYTES)).hasValue(maxBytes);
    }

    @ParameterizedTest
    @CsvSource({"4g,5g", "1k,1025m", "1073741824,2g"})
    void aBoundThatFitsIsTheUsers(String maxBytes, String overhead) {
        SparkConf conf = memory(maxBytes, overhead);

        ExecutorFlags.apply(conf, TRAIN);

        assertThat(ExecutorFlags.property(conf, TensorMemory.MAX_BYTES)).hasValue(maxBytes);
    }

    @Test
    void aBoundThatDoesNotFitIntoMemoryOverheadIsRefusedWithBothValues() {
        assertThatThrownBy(() -> ExecutorFlags.apply(memory("10g", "5g"), TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage("spark.executor.memoryOverhead: is 5g, but must be at least 11264m:"
                        + " -Dorg.bytedeco.javacpp.maxbytes=10g of the executors and 1024m to spare; raise the one or lower"
                        + " the other");
        assertThatThrownBy(() -> ExecutorFlags.apply(memory("1073741825", "2g"), TRAIN))
                .hasMessageStartingWith("spark.executor.memoryOverhead: is 2g, but must be at least 2049m");
    }

    @Test
    void whatIsNoSizeOrNumberIsRefused() {
        assertThatThrownBy(() -> ExecutorFlags.apply(memory("50%", "5g"), TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage("-Dorg.bytedeco.javacpp.maxbytes: must be a size such as 4g, but is '50%'");
        assertThatThrownBy(() -> ExecutorFlags.apply(memory("0", "5g"), TRAIN))
                .hasMessage("-Dorg.bytedeco.javacpp.maxbytes: must be a size such as 4g, but is '0'");
        assertThatThrownBy(() -> ExecutorFlags.apply(memory("1g", "much"), TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage("spark.executor.memoryOverhead: must be a size such as 5g, but is 'much'");
        assertThatThrownBy(() -> ExecutorFlags.apply(cluster().set("spark.executor.cores", "0"), TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage("spark.executor.cores: must be a whole number from 1 to 99999, but is '0'");
        assertThatThrownBy(() -> ExecutorFlags.apply(
                        cluster().set("spark.executor.extraJavaOptions", "-Ddev.sparktune.threads=all"), COPY))
                .isInstanceOf(SettingsException.class)
                .hasMessage("-Ddev.sparktune.threads: must be a whole number from 1 to 99999, but is 'all'");
    }

    @Test
    void memoryOverheadHoldsMoreThanWhatIsToSpare() {
        SparkConf conf = cluster().set("spark.executor.cores", "1").set("spark.executor.memoryOverhead", "1g");

        assertThatThrownBy(() -> ExecutorFlags.apply(conf, TRAIN))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "spark.executor.memoryOverhead: is 1g, but must be more than 1024m: tensors lie there, beside"
                                + " 1024m for all else");
    }

    @Test
    void aJobWhoseTasksHoldNoModelIsLeftAsItIs() {
        SparkConf conf = cluster();
        String before = conf.toDebugString();

        ExecutorFlags.apply(conf, COPY);

        assertThat(conf.toDebugString()).isEqualTo(before);
        assertThat(ExecutorFlags.threads(conf)).isEmpty();
    }

    @Test
    void inOneJvmTheDriverComputesOnTheThreadsOfTheMaster() {
        String before = System.clearProperty(KernelThreads.PROPERTY);
        try {
            SparkConf conf = new SparkConf(false).setMaster("local[3]");
            String keys = conf.toDebugString();

            ExecutorFlags.apply(conf, TRAIN);

            assertThat(KernelThreads.count()).isEqualTo(3);
            assertThat(conf.toDebugString()).isEqualTo(keys);

            ExecutorFlags.apply(conf.setMaster("local[5]"), TRAIN);
            assertThat(ExecutorFlags.threads(conf)).as("what is set stays").hasValue(3);
        } finally {
            if (before == null) {
                System.clearProperty(KernelThreads.PROPERTY);
            } else {
                System.setProperty(KernelThreads.PROPERTY, before);
            }
        }
    }

    private static SparkConf cluster() {
        return new SparkConf(false).setMaster("spark://host:7077").set("spark.executor.memoryOverhead", "5g");
    }

    private static SparkConf memory(String maxBytes, String overhead) {
        return cluster()
                .set("spark.executor.cores", "1")
                .set("spark.executor.memoryOverhead", overhead)
                .set("spark.executor.extraJavaOptions", "-Dorg.bytedeco.javacpp.maxbytes=" + maxBytes);
    }

    private static Job job(String name, boolean tasksHoldModel) {
        return new Job(
                name,
                "",
                Set.of("output"),
                false,
                tasksHoldModel,
                settings -> settings.output(),
                settings -> List.of(),
                settings -> {});
    }
}
