package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.Json;

/**
 * What a worker tells the driver.
 *
 * @param attempt of the run that the worker belongs to
 * @param rank of the worker
 * @param host of the worker
 * @param event of {@link TrainingEvents}; null for a failure
 * @param failure what the worker failed of, in a line; null for an event
 * @param diverged whether the failure is that of training itself, a number that is not finite
 * @param trace of a failure that nobody foresaw; else null
 */
record WorkerMessage(int attempt, int rank, String host, String event, String failure, boolean diverged, String trace) {
    String toJson() {
        return Json.compact(this);
    }

    static WorkerMessage fromJson(String json) {
        return Json.read(json, WorkerMessage.class);
    }
}
