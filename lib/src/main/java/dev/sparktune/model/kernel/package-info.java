/**
 * The arithmetic of the decoder as whole operations: the {@link dev.sparktune.model.kernel.Kernels} seam, its form in plain
 * ND4J operations, which is the oracle, and its form in loops over host memory, which is fast.
 */
package dev.sparktune.model.kernel;
