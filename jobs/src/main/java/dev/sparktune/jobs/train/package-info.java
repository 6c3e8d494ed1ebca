/**
 * What the jobs that train have in common: tokens made on the executors, the workers of a run and the driver that follows them,
 * the directory that it leaves.
 */
package dev.sparktune.jobs.train;
