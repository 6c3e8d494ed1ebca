package dev.sparktune.model;

import dev.sparktune.model.kernel.Activation;

/**
 * The MLP of every block: {@code down(f(up(x)))}, or gated {@code down(f(gate(x)) * up(x))}.
 *
 * @param intermediateSize width between the maps
 * @param activation f
 * @param gated whether there is a gate
 * @param bias whether the maps have biases
 */
public record MlpConfig(int intermediateSize, Activation activation, boolean gated, boolean bias) {
    public MlpConfig {
        Bounds.atLeast("intermediate_size", intermediateSize, 1);
        Bounds.atMost("intermediate_size", intermediateSize, Integer.MAX_VALUE / 2);
    }
}
