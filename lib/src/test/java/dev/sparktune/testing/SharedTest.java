package dev.sparktune.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class SharedTest {
    @Test
    void whatIsNotThereSkipsTheTestAndSaysWhere() {
        assertThatThrownBy(() -> Shared.require("data/no-such-set"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("data/no-such-set")
                .hasMessageContaining("SPARKTUNE_SHARED");
    }
}
