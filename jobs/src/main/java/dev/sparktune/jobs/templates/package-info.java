/**
 * {@code sparktune templates}: looking at template libraries without Spark. Nothing here may load Spark's classes, and Hadoop's only
 * for places that need them: a command is to answer at once.
 */
package dev.sparktune.jobs.templates;
