package dev.sparktune.model.hf;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Elements of an array in one type, from and to floats. Goes through JavaCPP's pointers: they take offsets beyond the 2^31 bytes
 * that a ByteBuffer ends at, and copy a piece at once.
 */
sealed interface FlatElements {
    DataType type();

    /** Finite floats of this magnitude and above would become infinite. */
    default float overflow() {
        return Float.POSITIVE_INFINITY;
    }

    /** What becomes of a value that is put. */
    default float rounded(float value) {
        return value;
    }

    float get(long at);

    void put(long at, float value);

    void get(long at, float[] values, int n);

    void put(long at, float[] values, int n);

    /** @param array FLOAT, DOUBLE or BFLOAT16 */
    static FlatElements of(INDArray array) {
        Pointer pointer = array.data().pointer();
        return switch (array.dataType()) {
            case FLOAT -> new Floats(new FloatPointer(pointer));
            case DOUBLE -> new Doubles(new DoublePointer(pointer));
            case BFLOAT16 -> new Bfloat16s(new ShortPointer(pointer));
            default ->
                throw new IllegalArgumentException(
                        "parameters must be FLOAT, DOUBLE or BFLOAT16, but are " + array.dataType());
        };
    }

    record Floats(FloatPointer pointer) implements FlatElements {
        @Override
        public DataType type() {
            return DataType.FLOAT;
        }

        @Override
        public float get(long at) {
            return pointer.get(at);
        }

        @Override
        public void put(long at, float value) {
            pointer.put(at, value);
        }

        @Override
        public void get(long at, float[] values, int n) {
            pointer.getPointer(at).get(values, 0, n);
        }

        @Override
        public void put(long at, float[] values, int n) {
            pointer.getPointer(at).put(values, 0, n);
        }
    }

    record Doubles(DoublePointer pointer) implements FlatElements {
        @Override
        public DataType type() {
            return DataType.DOUBLE;
        }

        @Override
        public float get(long at) {
            return (float) pointer.get(at);
        }

        @Override
        public void put(long at, float value) {
            pointer.put(at, value);
        }

        @Override
        public void get(long at, float[] values, int n) {
            double[] wide = new double[n];
            pointer.getPointer(at).get(wide, 0, n);
            for (int i = 0; i < n; i++) {
                values[i] = (float) wide[i];
            }
        }

        @Override
        public void put(long at, float[] values, int n) {
            double[] wide = new double[n];
            for (int i = 0; i < n; i++) {
                wide[i] = values[i];
            }
            pointer.getPointer(at).put(wide, 0, n);
        }
    }

    record Bfloat16s(ShortPointer pointer) implements FlatElements {
        @Override
        public DataType type() {
            return DataType.BFLOAT16;
        }

        /** Half a step above the largest number. */
        @Override
        public float overflow() {
            return 0x1.FFp127f;
        }

        @Override
        public float rounded(float value) {
            return HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(value));
        }

        @Override
        public float get(long at) {
            return HalfPrecision.bfloat16ToFloat(pointer.get(at));
        }

        @Override
        public void put(long at, float value) {
            pointer.put(at, HalfPrecision.floatToBfloat16(value));
        }

        @Override
        public void get(long at, float[] values, int n) {
            short[] narrow = new short[n];
            pointer.getPointer(at).get(narrow, 0, n);
            for (int i = 0; i < n; i++) {
                values[i] = HalfPrecision.bfloat16ToFloat(narrow[i]);
            }
        }

        @Override
        public void put(long at, float[] values, int n) {
            short[] narrow = new short[n];
            for (int i = 0; i < n; i++) {
                narrow[i] = HalfPrecision.floatToBfloat16(values[i]);
            }
            pointer.getPointer(at).put(narrow, 0, n);
        }
    }
}
