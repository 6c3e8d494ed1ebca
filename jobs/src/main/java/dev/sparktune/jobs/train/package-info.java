/** What the jobs that train have in common: tokens made on the executors, the run in the driver, the directory it leaves. */
package dev.sparktune.jobs.train;
