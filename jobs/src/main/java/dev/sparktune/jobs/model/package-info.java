/** The model on the executors: one copy in each, asked by all of its tasks. */
package dev.sparktune.jobs.model;
