package dev.sparktune.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.report.TrainingLog.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingLogTest {
    @Test
    void readsTheCurvesOfTheJavadoc() {
        TrainingLog log = TrainingLog.parse(List.of(
                "{\"step\": 10, \"loss\": 2.31, \"learning_rate\": 1e-4}",
                "{\"step\": 10, \"eval_loss\": 2.5, \"samples\": []}",
                "{\"step\": 20, \"loss\": 1.5}"));

        assertThat(log.curve("loss")).containsExactly(new Point(10, 2.31), new Point(20, 1.5));
        assertThat(log.curve("eval_loss")).containsExactly(new Point(10, 2.5));
        assertThat(log.curve("grad_norm")).isEmpty();
        assertThat(log.unreadable()).isZero();
    }

    @Test
    void aResumedRunReplacesItsStepsAndHalfALineIsCounted() {
        TrainingLog log = TrainingLog.parse(
                List.of("{\"step\":1,\"loss\":3}", "{\"step\":2,\"lo", "", "[1]", "{\"step\":1,\"loss\":2}"));

        assertThat(log.curve("loss")).containsExactly(new Point(1, 2));
        assertThat(log.unreadable()).isEqualTo(3);
    }
}
