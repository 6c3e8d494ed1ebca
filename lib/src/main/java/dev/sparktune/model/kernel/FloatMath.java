package dev.sparktune.model.kernel;

/** Loops over float arrays. Sums have a fixed order of their own: four interleaved partial sums. */
final class FloatMath {
    private static final float LOG2_E = (float) (1 / Math.log(2));
    /** ln 2 in two parts: the first has few bits, so that its small multiples are exact. */
    private static final float LN2_HIGH = 355f / 512;

    private static final float LN2_LOW = (float) (Math.log(2) - LN2_HIGH);
    /** Added to a small float, it rounds it to a whole number, which then stands in the sum's lowest bits. */
    private static final float ROUND = 12582912f;

    private FloatMath() {}

    /**
     * Replaces x by e^(factor x + shift), to 2 units in the last place; below about e^-87.5 comes 0, above e^88 that. A polynomial
     * on what is left of x after whole powers of two, of adds and multiplies only: several times as fast as
     * {@code Math.exp}, and the same bits in interpreted and in compiled code.
     *
     * @param scratch at least as long
     */
    static void exp(float[] x, float factor, float shift, float[] scratch, int length) {
        // Two loops, because the compiler vectorises the first but not one that turns bits into floats.
        for (int i = 0; i < length; i++) {
            float bounded = Math.max(-88f, Math.min(88f, x[i] * factor + shift));
            float rounded = bounded * LOG2_E + ROUND;
            float whole = rounded - ROUND;
            float r = bounded - whole * LN2_HIGH - whole * LN2_LOW;
            // The Taylor series to the seventh power: |r| is at most ln 2 / 2.
            float p = 1f / 5040;
            p = p * r + 1f / 720;
            p = p * r + 1f / 120;
            p = p * r + 1f / 24;
            p = p * r + 1f / 6;
            p = p * r + 0.5f;
            p = p * r + 1f;
            x[i] = p * r + 1f;
            scratch[i] = rounded;
        }
        for (int i = 0; i < length; i++) {
            // The whole number of powers of two moves into the exponent, above whose bias of 127 it counts.
            x[i] *= Float.intBitsToFloat((Float.floatToRawIntBits(scratch[i]) << 23) + (127 << 23));
        }
    }

    static float max(float[] x, int length) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < length; i++) {
            max = Math.max(max, x[i]);
        }
        return max;
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
