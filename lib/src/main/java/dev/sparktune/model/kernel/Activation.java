package dev.sparktune.model.kernel;

/** The function between the two maps of an MLP, element by element. */
public enum Activation {
    /** {@code x sigmoid(x)}. */
    SILU,

    /** {@code x P(normal < x)}, exact: {@code x (1 + erf(x / sqrt(2))) / 2}. */
    GELU,

    /** {@code x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2} (Hendrycks and Gimpel 2016). */
    GELU_TANH,

    /** {@code max(0, x)}. */
    RELU
}
