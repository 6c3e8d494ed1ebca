package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TrainSettings;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class WorkerCountTest {
    @Test
    void theSettingComesBeforeSparksProperties() {
        assertThat(count("{workers: 3}", "spark.executor.instances", "5")).isEqualTo(3);
        assertThat(count("{}", "spark.executor.instances", "5")).isEqualTo(5);
        assertThat(count("{}", "spark.cores.max", "9", "spark.executor.cores", "4"))
                .isEqualTo(2);
    }

    @Test
    void oneJvmIsOneWorker() {
        assertThat(WorkerCount.of(settings("{}"), new SparkConf(false), true)).isEqualTo(1);
        assertThatThrownBy(() -> WorkerCount.of(settings("{workers: 2}"), new SparkConf(false), true))
                .isInstanceOf(SettingsException.class)
                .hasMessage("train.workers is 2, but there is one JVM: give a cluster's --master, or leave it out");
    }

    @Test
    void aClusterThatTellsNothingIsAskedAbout() {
        assertThatThrownBy(() -> count("{}"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("train.workers: is required where neither spark.executor.instances nor spark.cores.max says"
                        + " how many executors there are");
    }

    @Test
    void executorsThatComeAndGoCannotShareUpdates() {
        assertThatThrownBy(() -> count("{workers: 2}", "spark.dynamicAllocation.enabled", "true"))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("spark.dynamicAllocation.enabled is true, but ");
    }

    private static int count(String train, String... properties) {
        SparkConf conf = new SparkConf(false);
        for (int i = 0; i < properties.length; i += 2) {
            conf.set(properties[i], properties[i + 1]);
        }
        return WorkerCount.of(settings(train), conf, false);
    }

    private static TrainSettings settings(String train) {
        return Settings.read("test", "output: /x\ntrain: " + train, List.of(), Set.of("train"))
                .train();
    }
}
