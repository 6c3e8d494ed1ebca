package dev.sparktune.model.kernel;

/** Loops over float arrays. Sums have a fixed order of their own: four interleaved partial sums. */
final class FloatMath {
    private static final float LOG2_E = 1.442695041f;
    /** ln 2 in two parts: the first has few bits, so that its small multiples are exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /** Added and taken away again, it rounds a small float to the nearest whole number. */
    private static final float ROUND = 12582912f;

    private FloatMath() {}

    /**
     * e^x to 2 units in the last place, 0 below -87. A polynomial of adds and multiplies on what is left of x after whole
     * powers of two: several times as fast as {@code Math.exp}, and the same bits in interpreted and in compiled code.
     */
    static float exp(float x) {
        float bounded = Math.min(x, 88f);
        float whole = bounded * LOG2_E + ROUND - ROUND;
        float r = bounded - whole * LN2_HIGH - whole * LN2_LOW;
        // The Taylor series to the seventh power: |r| is at most ln 2 / 2.
        float p = 1f / 5040;
        p = p * r + 1f / 720;
        p = p * r + 1f / 120;
        p = p * r + 1f / 24;
        p = p * r + 1f / 6;
        p = p * r + 0.5f;
        p = p * r + 1f;
        p = p * r + 1f;
        float power = Float.intBitsToFloat(((int) whole + 127) << 23);
        return x < -87f ? 0f : p * power;
    }

    static float max(float[] x, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
    }

    /** Replaces x by e^(x - shift). */
    static void expMinus(float[] x, float shift, int length) {
        for (int i = 0; i < length; i++) {
            x[i] = exp(x[i] - shift);
        }
    }

    static double sum(float[] x, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += x[i];
            b += x[i + 1];
            c += x[i + 2];
            d += x[i + 3];
        }
        for (; i < length; i++) {
            a += x[i];
        }
        return (a + b) + (c + d);
    }

    static double dot(float[] x, float[] y, int length) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < length; i += 4) {
            a += x[i] * (double) y[i];
            b += x[i + 1] * (double) y[i + 1];
            c += x[i + 2] * (double) y[i + 2];
            d += x[i + 3] * (double) y[i + 3];
        }
        for (; i < length; i++) {
            a += x[i] * (double) y[i];
        }
        return (a + b) + (c + d);
    }

    static void scale(float[] x, float factor, int length) {
        for (int i = 0; i < length; i++) {
            x[i] *= factor;
        }
    }

    /** {@code y += x}. */
    static void add(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] += x[i];
        }
    }
}
