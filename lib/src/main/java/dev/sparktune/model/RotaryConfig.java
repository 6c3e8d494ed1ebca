package dev.sparktune.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Rotary positions: at position p, the i-th pair of a head's columns is turned by the angle {@code p * inverseFrequencies[i]}.
 *
 * @param inverseFrequencies one for each pair; columns of a head beyond two per pair are not turned
 * @param magnitude multiplies the turned columns; 1 but for YaRN
 */
public record RotaryConfig(List<Float> inverseFrequencies, double magnitude) {
    public RotaryConfig {
        inverseFrequencies = List.copyOf(inverseFrequencies);
    }

    /**
     * Frequencies {@code theta^(-2i / columns)} (Su et al. 2021).
     *
     * @param theta above 0
     * @param columns of a head that are turned, even
     */
    public static RotaryConfig unscaled(double theta, int columns) {
        if (!(theta > 0) || Double.isInfinite(theta)) {
            throw new IllegalArgumentException("rope_theta must be above 0 and finite, but is " + theta);
        }
        List<Float> frequencies = new ArrayList<>();
        for (int i = 0; i < columns; i += 2) {
            // Rounded where PyTorch rounds: the exponent, the power and its inverse.
            float power = (float) Math.pow((float) theta, (float) i / columns);
            frequencies.add(1 / power);
        }
        return new RotaryConfig(frequencies, 1);
    }

    /** Columns of each head that are turned. */
    public int turnedColumns() {
        return 2 * inverseFrequencies.size();
    }
}
