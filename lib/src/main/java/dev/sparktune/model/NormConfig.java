package dev.sparktune.model;

/**
 * How the residual stream is brought to one scale.
 *
 * @param kind by the root of the mean square, or by mean and variance
 * @param eps added to the mean square or the variance before its root
 */
public record NormConfig(Kind kind, double eps) {
    /** RMS norms have a weight, layer norms a weight and a bias. */
    public enum Kind {
        RMS,
        LAYER
    }

    public NormConfig {
        if (!(eps > 0) || Double.isInfinite(eps)) {
            throw new IllegalArgumentException("the norms' epsilon must be above 0 and finite, but is " + eps);
        }
    }
}
