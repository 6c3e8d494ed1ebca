package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class EarlyStoppingTest {

    /** The reference is printed by scripts/reference/early_stopping.py. */
    @Test
    void stopsWhereTransformersStops() throws IOException {
        JsonNode cases = new ObjectMapper().readTree(getClass().getResource("early_stopping.json"));
        assertThat(cases).hasSize(60);
        for (JsonNode reference : cases) {
            EarlyStopping stopping = new EarlyStopping(
                    reference.get("patience").asInt(),
                    reference.get("threshold").asDouble());
            int stopped = -1;
            TrainingState state = TrainingState.START;
            for (int e = 0; e < reference.get("losses").size() && stopped < 0; e++) {
                state = state.afterUpdate(1, 1, 1)
                        .afterEvaluation(reference.get("losses").get(e).asDouble(), stopping);
                stopped = stopping.ends(state.evaluationsWithoutGain()) ? e : -1;
            }
            assertThat(stopped)
                    .as(reference.toString())
                    .isEqualTo(reference.get("stopped").asInt());
        }
    }

    @Test
    void whatCannotBeIsRefusedByName() {
        assertThatThrownBy(() -> new EarlyStopping(-1, 0))
                .hasMessage("early_stopping_patience must be at least 0, but is -1");
        assertThatThrownBy(() -> new EarlyStopping(1, Double.NaN))
                .hasMessage("early_stopping_threshold must be finite and at least 0, but is NaN");
    }
}
