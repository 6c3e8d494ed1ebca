package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;

/**
 * What the parts of one adapter in one decoder are made over.
 *
 * @param kernels the decoder's
 * @param parameters the adapter's tensors, live
 * @param base where the base's tensors lie
 * @param scratch room that all parts share
 */
public record AdapterParts(Kernels kernels, TensorViews parameters, ParameterLayout base, Scratch scratch) {}
