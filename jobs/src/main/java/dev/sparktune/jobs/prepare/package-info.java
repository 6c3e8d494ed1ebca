/**
 * The steps of the job {@code prepare}: read a table, set bad rows aside, split what is left by the frozen bucket map,
 * render it by every template, write it in a seeded random order, and say in manifest and dataset card what was done.
 */
package dev.sparktune.jobs.prepare;
