/** The user's files and tables, whatever their format: found, looked at before anything is written, and opened as rows. */
package dev.sparktune.jobs.input;
