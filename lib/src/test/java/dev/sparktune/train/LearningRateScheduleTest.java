package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class LearningRateScheduleTest {

    /** The reference is printed by scripts/reference/schedules.py. */
    @Test
    void givesTheRatesOfTransformers() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(getClass().getResource("schedules.json"));
        assertThat(cases).hasSize(12);
        for (JsonNode reference : cases) {
            LearningRateSchedule schedule = new LearningRateSchedule(
                    LearningRateSchedule.Type.valueOf(reference.get("type").asText()),
                    reference.get("peak").asDouble(),
                    reference.get("warmup_steps").asInt(),
                    reference.get("total_steps").asInt());
            for (int step = 0; step < schedule.totalSteps(); step++) {
                assertThat(schedule.at(step))
                        .as("%s at step %d", schedule, step)
                        .isCloseTo(reference.get("rates").get(step).asDouble(), within(1e-15));
            }
        }
    }

    @Test
    void warmUpStepsWinOverTheRatioWhichIsRoundedUp() {
        assertThat(LearningRateSchedule.warmupSteps(7, 0.5, 100)).isEqualTo(7);
        assertThat(LearningRateSchedule.warmupSteps(0, 0.03, 101)).isEqualTo(4);
        assertThat(LearningRateSchedule.warmupSteps(0, 0, 101)).isZero();
    }

    @Test
    void aRateThatIsNoNumberIsRefused() {
        assertThatThrownBy(() -> new LearningRateSchedule(LearningRateSchedule.Type.COSINE, Double.NaN, 0, 1))
                .hasMessage("learning_rate must be finite and at least 0, but is NaN");
    }
}
