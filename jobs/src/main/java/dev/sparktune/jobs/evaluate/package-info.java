/** The parts of {@link dev.sparktune.jobs.EvaluateJob}: from rows of a split to predictions, figures and the report. */
package dev.sparktune.jobs.evaluate;
