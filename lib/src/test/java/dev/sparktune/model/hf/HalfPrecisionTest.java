package dev.sparktune.model.hf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HalfPrecisionTest {

    @Test
    void everyFloat16SurvivesTheWayThroughFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float wide = HalfPrecision.float16ToFloat((short) bits);
            if (Float.isNaN(wide)) {
                assertThat(HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(wide)))
                        .isNaN();
            } else {
                assertThat(HalfPrecision.floatToFloat16(wide)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void everyBfloat16SurvivesTheWayThroughFloat() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float wide = HalfPrecision.bfloat16ToFloat((short) bits);
            if (Float.isNaN(wide)) {
                assertThat(HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(wide)))
                        .isNaN();
            } else {
                assertThat(HalfPrecision.floatToBfloat16(wide)).isEqualTo((short) bits);
            }
        }
    }

    @Test
    void float16ValuesAreThoseOfTheStandard() {
        assertThat(HalfPrecision.float16ToFloat((short) 0x3C00)).isEqualTo(1f);
        assertThat(HalfPrecision.float16ToFloat((short) 0xC000)).isEqualTo(-2f);
        assertThat(HalfPrecision.float16ToFloat((short) 0x7BFF)).isEqualTo(65504f);
        assertThat(HalfPrecision.float16ToFloat((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(HalfPrecision.float16ToFloat((short) 0x03FF)).isEqualTo(1023 * 0x1p-24f);
        assertThat(HalfPrecision.float16ToFloat((short) 0x7C00)).isEqualTo(Float.POSITIVE_INFINITY);
        assertThat(HalfPrecision.floatToFloat16(65519f)).isEqualTo((short) 0x7BFF);
        assertThat(HalfPrecision.floatToFloat16(65520f)).isEqualTo((short) 0x7C00);
        assertThat(HalfPrecision.floatToFloat16(-0f)).isEqualTo((short) 0x8000);
    }

    @Test
    void narrowingTakesTheNearestAndOfTwoTheEven() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            float value = (float) (random.nextGaussian() * Math.pow(2, random.nextInt(44) - 28));
            if (Math.abs(value) < 65504) {
                short bits = HalfPrecision.floatToFloat16(value);
                assertNearest(value, bits, HalfPrecision::float16ToFloat);
            }
            assertNearest(value, HalfPrecision.floatToBfloat16(value), HalfPrecision::bfloat16ToFloat);
        }
        // Halfway between two neighbours: the one whose last bit is 0.
        assertThat(HalfPrecision.floatToFloat16(1 + 0x1p-11f)).isEqualTo((short) 0x3C00);
        assertThat(HalfPrecision.floatToFloat16(1 + 3 * 0x1p-11f)).isEqualTo((short) 0x3C02);
        assertThat(HalfPrecision.floatToBfloat16(1 + 0x1p-8f)).isEqualTo((short) 0x3F80);
        assertThat(HalfPrecision.floatToBfloat16(1 + 3 * 0x1p-8f)).isEqualTo((short) 0x3F82);
    }

    private interface Widening {
        float widen(short bits);
    }

    private static void assertNearest(float value, short bits, Widening widening) {
        double error = Math.abs((double) value - widening.widen(bits));
        if ((bits & 0x7FFF) > 0) {
            assertThat(error).isLessThanOrEqualTo(Math.abs((double) value - widening.widen((short) (bits - 1))));
        }
        assertThat(error).isLessThanOrEqualTo(Math.abs((double) value - widening.widen((short) (bits + 1))));
    }
}
