package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class WorkerWeightsTest {
    private static String of(String host, long crc32c) {
        return new WorkerWeights(host, crc32c).toText();
    }

    @Test
    void workersWithTheSameWeightsMayBegin() {
        List<String> all = List.of(of("one", 0xfeedbeefL), of("two", 0xfeedbeefL));

        assertThatNoException().isThrownBy(() -> WorkerWeights.requireAlike("model.base", "hdfs://nn/smol", all));
    }

    @Test
    void anAdapterThatIsAnotherOnAnotherHostIsNamed() {
        assertThatThrownBy(() -> WorkerWeights.requireAlike(
                        "lora.init", "file:/tmp/adapter", List.of(of("one", 1), of("two", 2))))
                .hasMessage(
                        "lora.init: the weights of file:/tmp/adapter are not the same on one (CRC-32C 1) and two (2)");
    }

    @Test
    void workersWithOtherWeightsAreNamed() {
        List<String> all = List.of(of("one", 1), of("two", 1), of("three", 0xfeedbeefL));

        assertThatThrownBy(() -> WorkerWeights.requireAlike("model.base", "/models/smol", all))
                .hasMessage("model.base: the weights of /models/smol are not the same on one (CRC-32C 1) and three"
                        + " (feedbeef)");
    }
}
