/**
 * The decoder language model: its configuration, the layout of its flat parameter vector, forward and hand-written
 * backward pass, and the adapter by which Deeplearning4j's own tools take it.
 */
package dev.sparktune.model;
