package dev.sparktune.model.kernel;

/**
 * {@link Activation}s over float arrays, and their slopes. All but ReLU come from one exponential per element; arrays of
 * scratch are kept from row to row.
 */
final class FloatActivation {
    /** {@code 2 sqrt(2 / pi)}: the tanh form of GELU is {@code x sigmoid(TWICE_ROOT (x + CUBIC x^3))}. */
    private static final float TWICE_ROOT = (float) (2 * Math.sqrt(2 / Math.PI));

    private static final float CUBIC = 0.044715f;
    private static final float ROOT_OF_HALF = (float) Math.sqrt(0.5);

    /** Height of the normal density at 0. */
    private static final float DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    private final Activation f;
    private final float[] exp;
    private final float[] scratch;

    /** For arrays of at most this length; one instance serves one thread. */
    FloatActivation(Activation f, int length) {
        this.f = f;
        exp = new float[length];
        scratch = new float[length];
    }

    /** Replaces x by f(x). */
    void apply(float[] x, int n) {
        switch (f) {
            case SILU -> {
                expOfSilu(x, n);
                divideByOnePlusExp(x, n);
            }
            case GELU_TANH -> {
                expOfGeluTanh(x, n);
                divideByOnePlusExp(x, n);
            }
            case GELU -> {
                expOfGelu(x, n);
                for (int j = 0; j < n; j++) {
                    x[j] *= normalProbability(x[j], exp[j]);
                }
            }
            case RELU -> {
                for (int j = 0; j < n; j++) {
                    x[j] = Math.max(0, x[j]);
                }
            }
        }
    }

    /** Replaces x by f(x), and writes f'(x). */
    void applyWithSlope(float[] x, float[] slope, int n) {
        switch (f) {
            case SILU -> {
                expOfSilu(x, n);
                for (int j = 0; j < n; j++) {
                    float sigmoid = 1 / (1 + exp[j]);
                    float value = x[j] * sigmoid;
                    slope[j] = sigmoid + value - value * sigmoid;
                    x[j] = value;
                }
            }
            case GELU_TANH -> {
                expOfGeluTanh(x, n);
                for (int j = 0; j < n; j++) {
                    float sigmoid = 1 / (1 + exp[j]);
                    float value = x[j] * sigmoid;
                    float inner = TWICE_ROOT * (1 + 3 * CUBIC * x[j] * x[j]);
                    slope[j] = sigmoid + value * (1 - sigmoid) * inner;
                    x[j] = value;
                }
            }
            case GELU -> {
                expOfGelu(x, n);
                for (int j = 0; j < n; j++) {
                    float probability = normalProbability(x[j], exp[j]);
                    slope[j] = probability + x[j] * DENSITY * exp[j];
                    x[j] *= probability;
                }
            }
            case RELU -> {
                for (int j = 0; j < n; j++) {
                    slope[j] = x[j] > 0 ? 1 : 0;
                    x[j] = Math.max(0, x[j]);
                }
            }
        }
    }

    private void expOfSilu(float[] x, int n) {
        System.arraycopy(x, 0, exp, 0, n);
        FloatMath.exp(exp, -1, 0, scratch, n);
    }

    private void expOfGeluTanh(float[] x, int n) {
        for (int j = 0; j < n; j++) {
            exp[j] = x[j] + CUBIC * x[j] * x[j] * x[j];
        }
        FloatMath.exp(exp, -TWICE_ROOT, 0, scratch, n);
    }

    /** {@code e^(-x^2 / 2)}. */
    private void expOfGelu(float[] x, int n) {
        for (int j = 0; j < n; j++) {
            exp[j] = x[j] * x[j];
        }
        FloatMath.exp(exp, -0.5f, 0, scratch, n);
    }

    private void divideByOnePlusExp(float[] x, int n) {
        for (int j = 0; j < n; j++) {
            x[j] /= 1 + exp[j];
        }
    }

    /**
     * How likely a normal number is below x, to 1e-7: {@code erfc} by formula 7.1.26 of Abramowitz and Stegun (1964).
     *
     * @param exp {@code e^(-x^2 / 2)}
     */
    private static float normalProbability(float x, float exp) {
        float t = 1 / (1 + 0.3275911f * ROOT_OF_HALF * Math.abs(x));
        float p = 1.061405429f;
        p = p * t - 1.453152027f;
        p = p * t + 1.421413741f;
        p = p * t - 0.284496736f;
        p = p * t + 0.254829592f;
        float tail = 0.5f * p * t * exp;
        return x < 0 ? tail : 1 - tail;
    }
}
