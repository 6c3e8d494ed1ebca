package dev.sparktune.jobs.settings;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelSettingsTest {
    @Test
    void weightsInBfloat16AreNotTrained() {
        assertThatThrownBy(() -> settings("model.dtype=bfloat16").check("full"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "model.dtype is bfloat16, but train.method is full: weights that are trained must be float32,"
                                + " since most updates are smaller than a step of bfloat16");
        assertThatCode(() -> settings("model.dtype=bfloat16").check("lora")).doesNotThrowAnyException();
        assertThatCode(() -> settings().check("full")).doesNotThrowAnyException();
        assertThatThrownBy(() -> settings("model.dtype=float16")).hasMessageContaining("model.dtype");
    }

    private static ModelSettings settings(String... sets) {
        return Settings.read("test", "output: /x", List.of(sets), Set.of("model"))
                .model();
    }
}
