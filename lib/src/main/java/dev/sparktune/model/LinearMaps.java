package dev.sparktune.model;

/** Makes the linear maps of a decoder's blocks. */
@FunctionalInterface
interface LinearMaps {
    /**
     * @param bias whether the maps have biases
     * @param maps names in the base's layout, without {@code .weight} and {@code .bias}: one, or several that read the same x
     */
    LinearMap of(boolean bias, String... maps);
}
