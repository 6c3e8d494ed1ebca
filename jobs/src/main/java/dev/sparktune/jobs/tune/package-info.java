/** The parts of {@code Tune}: the trials of a search, the rungs on which they are judged, what is written of them. */
package dev.sparktune.jobs.tune;
