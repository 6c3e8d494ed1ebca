package dev.sparktune.jobs.tracking;

import java.util.Map;

/**
 * What a run is called at the server.
 *
 * @param experiment name
 * @param name of the run
 * @param parameters by name
 */
record MlflowRun(String experiment, String name, Map<String, String> parameters) {}
