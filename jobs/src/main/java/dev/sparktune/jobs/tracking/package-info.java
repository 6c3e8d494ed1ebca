/** Tells others of a run as it goes: an MLflow tracking server. */
package dev.sparktune.jobs.tracking;
