/** The parts of {@link dev.sparktune.jobs.Evaluate}: from rows of a split to predictions, figures and the report. */
package dev.sparktune.jobs.evaluate;
