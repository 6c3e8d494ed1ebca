/**
 * Metrics over plain arrays, one element an example: accuracy, macro-F1, exact match, ROUGE-L, perplexity; bootstrap
 * intervals for each, and for the difference of two models on the same examples. Checked against scikit-learn and
 * rouge-score (scripts/reference/metrics.py).
 */
package dev.sparktune.eval;
