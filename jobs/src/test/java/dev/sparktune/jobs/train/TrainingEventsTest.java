package dev.sparktune.jobs.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sparktune.train.Evaluation;
import dev.sparktune.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrainingEventsTest {
    @Test
    void whatIsToldIsHeardAsItWas() {
        List<Object> heard = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStart(int doneSteps, int totalSteps) {
                heard.add(doneSteps + " of " + totalSteps);
            }

            @Override
            public void onUpdate(Update update) {
                heard.add(update);
            }

            @Override
            public void onLog(LogLine line) {
                heard.add(line);
            }

            @Override
            public void onEvaluation(Evaluation evaluation) {
                heard.add(evaluation);
            }

            @Override
            public void onPause(Evaluation evaluation) {
                heard.add("pause: " + evaluation);
            }

            @Override
            public void onCheckpointBegins(int step) {
                heard.add("before " + step);
            }

            @Override
            public void onCheckpoint(int step) {
                heard.add(step);
            }

            @Override
            public void onWarning(String message) {
                heard.add(message);
            }
        };
        var update = new TrainingListener.Update(3, 10, 0.1, Double.NaN, 5e-4, 1_000_000_000_000L, 0.5);
        var line = new TrainingListener.LogLine(3, 0.25, 1.0 / 3, 2, 5e-4, 77, 1e6);
        var evaluation = new Evaluation(
                3, 0.5, 1.25, 0.5, 0.75, 2, List.of(new Evaluation.Sample("a \"prompt\"\n", "label", "ünï ☃")));

        TrainingListener telling = TrainingEvents.telling(text -> {
            assertThat(text).doesNotContain("\n");
            TrainingEvents.replay(text, listener);
        });
        telling.onStart(0, 10);
        telling.onUpdate(update);
        telling.onLog(line);
        telling.onEvaluation(evaluation);
        telling.onPause(evaluation);
        telling.onCheckpointBegins(3);
        telling.onCheckpoint(3);
        telling.onWarning("mind the step");

        assertThat(heard)
                .containsExactly(
                        "0 of 10", update, line, evaluation, "pause: " + evaluation, "before 3", 3, "mind the step");
    }
}
