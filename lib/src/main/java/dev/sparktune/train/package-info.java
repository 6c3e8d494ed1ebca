/**
 * Training: the learning rate's schedule, AdamW, the loop over updates with evaluation, checkpoints it can resume from
 * bit for bit, and the log that reports read.
 */
package dev.sparktune.train;
