/**
 * What every job has in common: the command line, checks before any input or output, the Spark session and the flags of
 * its executors, the output directory's life from partial to whole, {@code metrics.json} and the exit code.
 */
package dev.sparktune.jobs.run;
