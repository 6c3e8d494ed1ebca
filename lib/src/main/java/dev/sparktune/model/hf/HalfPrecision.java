package dev.sparktune.model.hf;

/**
 * The two 16-bit floats: IEEE 754 binary16 (1 sign, 5 exponent, 10 fraction bits) and bfloat16 (the upper half of a float).
 * Narrowing rounds to the nearest, ties to even. The JDK has binary16 from version 20 only.
 */
final class HalfPrecision {
    /** The lowest magnitude that rounds to infinity in binary16: half a step above its largest number, 65504. */
    private static final float FLOAT16_OVERFLOW = 65520f;

    private static final float SMALLEST_NORMAL_FLOAT16 = 0x1p-14f;

    private HalfPrecision() {}

    static float bfloat16ToFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    static short floatToBfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40); // stays a NaN, whatever bits are cut off
        }
        int half = 0x7FFF + ((bits >>> 16) & 1);
        return (short) ((bits + half) >>> 16);
    }

    static float float16ToFloat(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = (bits >>> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        if (exponent == 0) { // zero and subnormal: fraction * 2^-24
            return Float.intBitsToFloat(sign | Float.floatToRawIntBits(fraction * 0x1p-24f));
        }
        int wideExponent = exponent == 0x1F ? 0xFF : exponent - 15 + 127;
        return Float.intBitsToFloat(sign | (wideExponent << 23) | (fraction << 13));
    }

    static short floatToFloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = (bits >>> 16) & 0x8000;
        float magnitude = Math.abs(value);
        if (Float.isNaN(value)) {
            return (short) (sign | 0x7E00);
        }
        if (magnitude >= FLOAT16_OVERFLOW) {
            return (short) (sign | 0x7C00);
        }
        if (magnitude < SMALLEST_NORMAL_FLOAT16) {
            return (short) (sign | (int) Math.rint(magnitude * 0x1p24f));
        }
        // Rebias the exponent, then add half of what is cut off; a carry moves into the exponent as it should.
        int rebiased = (bits & 0x7FFFFFFF) - ((127 - 15) << 23);
        return (short) (sign | ((rebiased + 0xFFF + ((rebiased >>> 13) & 1)) >>> 13));
    }
}
