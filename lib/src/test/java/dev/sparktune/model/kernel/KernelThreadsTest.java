package dev.sparktune.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelThreadsTest {
    private String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(KernelThreads.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(KernelThreads.PROPERTY);
        } else {
            System.setProperty(KernelThreads.PROPERTY, before);
        }
    }

    @Test
    void thePropertySaysHowManyAndOtherwiseTheMachine() {
        System.setProperty(KernelThreads.PROPERTY, "3");
        assertThat(KernelThreads.count()).isEqualTo(3);
        assertThat(new HostKernels().threads()).isEqualTo(3);

        System.clearProperty(KernelThreads.PROPERTY);
        assertThat(KernelThreads.count()).isEqualTo(Runtime.getRuntime().availableProcessors());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "two", "1.5", "100000"})
    void whatIsNoNumberOfThreadsIsRefused(String threads) {
        System.setProperty(KernelThreads.PROPERTY, threads);

        assertThatThrownBy(KernelThreads::count)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("-Ddev.sparktune.threads must be a whole number from 1 to 99999, but is '" + threads + "'");
    }
}
