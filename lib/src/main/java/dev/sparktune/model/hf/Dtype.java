package dev.sparktune.model.hf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Number formats of safetensors. All are known by size, so that a header can be checked; floats of 16 and 32 bits are read. */
enum Dtype {
    F32(4),
    F16(2),
    BF16(2),
    F64(8),
    F8_E4M3(1),
    F8_E5M2(1),
    I64(8),
    I32(4),
    I16(2),
    I8(1),
    U64(8),
    U32(4),
    U16(2),
    U8(1),
    BOOL(1);

    private final int bytes;

    Dtype(int bytes) {
        this.bytes = bytes;
    }

    static Optional<Dtype> named(String name) {
        return Arrays.stream(values()).filter(d -> d.name().equals(name)).findFirst();
    }

    /** Bytes of one element. */
    int bytes() {
        return bytes;
    }

    boolean readable() {
        return this == F32 || this == F16 || this == BF16;
    }

    /** Takes {@code n} numbers out of {@code from}; every one of these formats fits a float exactly. */
    void decode(ByteBuffer from, float[] into, int n) {
        switch (this) {
            case F32 -> from.asFloatBuffer().get(into, 0, n);
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    into[i] = HalfPrecision.float16ToFloat(from.getShort(2 * i));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    into[i] = HalfPrecision.bfloat16ToFloat(from.getShort(2 * i));
                }
            }
            default -> throw new IllegalStateException(this + " is not read");
        }
    }

    /** Puts {@code n} numbers at the beginning of {@code into}, rounded to the nearest, ties to even. */
    void encode(float[] from, ByteBuffer into, int n) {
        switch (this) {
            case F32 -> into.asFloatBuffer().put(from, 0, n);
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    into.putShort(2 * i, HalfPrecision.floatToFloat16(from[i]));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    into.putShort(2 * i, HalfPrecision.floatToBfloat16(from[i]));
                }
            }
            default -> throw new IllegalStateException(this + " is not written");
        }
    }
}
