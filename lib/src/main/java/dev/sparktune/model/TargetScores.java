package dev.sparktune.model;

/**
 * How the model rates the targets of a batch.
 *
 * @param logProbs {@code [targets]}: natural logarithm of the target's probability
 * @param greedy {@code [targets]}: whether the target is the most likely token
 */
public record TargetScores(double[] logProbs, boolean[] greedy) {}
