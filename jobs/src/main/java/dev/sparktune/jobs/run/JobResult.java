package dev.sparktune.jobs.run;

import java.util.Map;

/**
 * What a job found out, for {@code metrics.json} and the last lines on standard output.
 *
 * @param counts rows, examples, tokens: what went in, came out and was set aside
 * @param metrics any JSON tree of maps, lists, strings, numbers and booleans
 * @param summary lines for a person; may be empty
 */
public record JobResult(Map<String, Long> counts, Map<String, Object> metrics, String summary) {}
