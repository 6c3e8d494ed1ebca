package dev.sparktune.jobs.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MasterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"local|1", "local[3]|3", "local[ 3 ]|3", "local[4,2]|4", "''|1"})
    void aLocalMasterSaysHowManyThreads(String url, int threads) {
        assertThat(new Master(url).isLocal()).isTrue();
        assertThat(new Master(url).localThreads()).isEqualTo(threads);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local[*]", "local[*,3]"})
    void aStarIsTheWholeMachine(String url) {
        assertThat(new Master(url).localThreads())
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"spark://host:7077", "yarn", "k8s://https://host:6443", "local-cluster[2,1,1024]"})
    void theOthersHaveExecutorsOfTheirOwn(String url) {
        assertThat(new Master(url).isLocal()).isFalse();
    }

    @Test
    void yarnAndKubernetesGiveOneCoreByDefault() {
        assertThat(new Master("yarn").givesOneCoreByDefault()).isTrue();
        assertThat(new Master("k8s://https://host:6443").givesOneCoreByDefault())
                .isTrue();
        assertThat(new Master("spark://host:7077").givesOneCoreByDefault()).isFalse();
        assertThat(new Master("local-cluster[2,1,1024]").givesOneCoreByDefault())
                .isFalse();
    }
}
