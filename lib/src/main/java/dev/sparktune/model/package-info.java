/**
 * The decoder language model: the configuration of its parts, the layout of its flat parameter vector, forward and hand-written
 * backward pass, and the adapter by which Deeplearning4j's own tools take it. {@link dev.sparktune.model.Decoder} is made of an
 * embedding, blocks and a head; a block of norms, attention and an MLP; these of linear maps. Each part keeps its weights and,
 * in training, the place of their gradients; what a batch goes through is kept beside them, in activations.
 */
package dev.sparktune.model;
