/**
 * Seeded sources of the quickstart's data: reviews in the columns of the Amazon sets with the dirt that real ones have,
 * text to pretrain the tiny base model on, and the general tasks of {@code conf/templates}: entities, sums, lists of words, questions and moods. A row depends on the seed and
 * its index alone, so any part of a source can be made anywhere, in any order.
 */
package dev.sparktune.synthetic;
