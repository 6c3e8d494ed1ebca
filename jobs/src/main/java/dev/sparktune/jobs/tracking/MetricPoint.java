package dev.sparktune.jobs.tracking;

/**
 * One value of one curve.
 *
 * @param timestamp milliseconds since 1970
 * @param step updates done
 */
record MetricPoint(String metric, double value, long timestamp, long step) {}
