package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.Json;
import dev.sparktune.train.Evaluation;
import dev.sparktune.train.TrainingListener;
import java.util.function.Consumer;

/** The calls of a {@link TrainingListener} as lines of text, from the worker that has them to the driver that shows them. */
final class TrainingEvents {
    /** One call: the parameter that it has is set, for {@code onStart} both numbers. */
    private record Event(
            Integer doneSteps,
            Integer totalSteps,
            TrainingListener.Update update,
            TrainingListener.LogLine logLine,
            Evaluation evaluation,
            Evaluation pause,
            Integer checkpointBegins,
            Integer checkpoint,
            String warning) {}

    private TrainingEvents() {}

    /** A listener that tells each call as a line. */
    static TrainingListener telling(Consumer<String> out) {
        return new TrainingListener() {
            private void tell(Event event) {
                out.accept(Json.compact(event));
            }

            @Override
            public void onStart(int doneSteps, int totalSteps) {
                tell(new Event(doneSteps, totalSteps, null, null, null, null, null, null, null));
            }

            @Override
            public void onUpdate(Update update) {
                tell(new Event(null, null, update, null, null, null, null, null, null));
            }

            @Override
            public void onLog(LogLine line) {
                tell(new Event(null, null, null, line, null, null, null, null, null));
            }

            @Override
            public void onEvaluation(Evaluation evaluation) {
                tell(new Event(null, null, null, null, evaluation, null, null, null, null));
            }

            @Override
            public void onPause(Evaluation evaluation) {
                tell(new Event(null, null, null, null, null, evaluation, null, null, null));
            }

            @Override
            public void onCheckpointBegins(int step) {
                tell(new Event(null, null, null, null, null, null, step, null, null));
            }

            @Override
            public void onCheckpoint(int step) {
                tell(new Event(null, null, null, null, null, null, null, step, null));
            }

            @Override
            public void onWarning(String message) {
                tell(new Event(null, null, null, null, null, null, null, null, message));
            }
        };
    }

    /** Makes the call that a line tells of. */
    static void replay(String line, TrainingListener listener) {
        Event event = Json.read(line, Event.class);
        if (event.totalSteps() != null) {
            listener.onStart(event.doneSteps(), event.totalSteps());
        } else if (event.update() != null) {
            listener.onUpdate(event.update());
        } else if (event.logLine() != null) {
            listener.onLog(event.logLine());
        } else if (event.evaluation() != null) {
            listener.onEvaluation(event.evaluation());
        } else if (event.pause() != null) {
            listener.onPause(event.pause());
        } else if (event.checkpointBegins() != null) {
            listener.onCheckpointBegins(event.checkpointBegins());
        } else if (event.checkpoint() != null) {
            listener.onCheckpoint(event.checkpoint());
        } else {
            listener.onWarning(event.warning());
        }
    }
}
