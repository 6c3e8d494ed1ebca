package dev.sparktune.jobs.tune;

/**
 * What a trial came to on a rung.
 *
 * @param rung from 0
 * @param step updates done
 * @param value of the metric, the best so far; null for a trial that diverged
 * @param failure why it diverged; else null
 */
record Outcome(int rung, int step, Double value, String failure) {}
