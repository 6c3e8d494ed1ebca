package dev.sparktune.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class HostWideningTest {
    private static final int COLUMNS = 300;

    /** One block, just one, and several with a shorter last one. */
    @ParameterizedTest
    @CsvSource({"7", "13981", "30001"})
    void aMatrixOfAnyNumberOfBlocksMultipliesAsItsFloats(int rows) {
        INDArray flat = Nd4j.createFromArray(normals(5 + rows * COLUMNS)).castTo(DataType.BFLOAT16);
        INDArray narrow = Views.matrix(flat, 5, rows, COLUMNS);
        INDArray wide = narrow.castTo(DataType.FLOAT);
        INDArray x = Nd4j.createFromArray(normals(3 * COLUMNS)).reshape(3, COLUMNS);
        INDArray dOut = Nd4j.createFromArray(normals(3 * rows)).reshape(3, rows);
        try (HostKernels kernels = new HostKernels(2)) {
            for (boolean add : new boolean[] {false, true}) {
                INDArray out = kernels.allocate(3, rows).assign(1);
                INDArray expected = kernels.allocate(3, rows).assign(1);
                kernels.linear(x, narrow, out, add);
                kernels.linear(x, wide, expected, add);
                assertClose(out, expected);

                INDArray dX = kernels.allocate(3, COLUMNS).assign(1);
                INDArray expectedGradient = kernels.allocate(3, COLUMNS).assign(1);
                kernels.linearInputGradient(dOut, narrow, dX, add);
                kernels.linearInputGradient(dOut, wide, expectedGradient, add);
                assertClose(dX, expectedGradient);
            }
            int[] last = {rows - 1, 0, rows - 1};
            INDArray some = kernels.allocate(3, COLUMNS);
            INDArray expected = kernels.allocate(3, COLUMNS);
            kernels.gatherRows(narrow, last, some);
            kernels.gatherRows(wide, last, expected);
            assertThat(some).isEqualTo(expected);
        }
    }

    /** Beyond the 2 GiB that a Java buffer ends at. */
    @Test
    void theLastRowOfALargeTableIsRead() {
        int rows = (1 << 30) / COLUMNS + 2;
        try (HostKernels kernels = new HostKernels(2);
                INDArray memory = Nd4j.createUninitialized(DataType.BFLOAT16, (long) rows * COLUMNS)) {
            Views.vector(memory, (rows - 1L) * COLUMNS, COLUMNS).assign(3);
            INDArray table = Views.matrix(memory, 0, rows, COLUMNS);
            INDArray read = kernels.allocate(1, COLUMNS);
            kernels.gatherRows(table, new int[] {rows - 1}, read);
            kernels.addGatheredRows(table, new int[] {rows - 1}, read);
            assertThat(read.toFloatVector()).containsOnly(6);
        }
    }

    private static void assertClose(INDArray actual, INDArray expected) {
        double difference = actual.sub(expected).amaxNumber().doubleValue();
        assertThat(difference).isLessThan(1e-5 * expected.amaxNumber().doubleValue());
        assertThat(expected.amaxNumber().doubleValue()).isGreaterThan(1);
    }

    private static float[] normals(int length) {
        Random random = new Random(length);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
