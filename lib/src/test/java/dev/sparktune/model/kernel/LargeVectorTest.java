package dev.sparktune.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A vector of a little more than the 2 GiB that a Java buffer ends at, as the parameters of a model of 600 million are. */
class LargeVectorTest {
    private static final int COLUMNS = 1000;
    private static final int ROWS = (1 << 29) / COLUMNS + 2;
    private static final long LENGTH = (long) ROWS * COLUMNS;

    private static INDArray vector;
    private static HostKernels kernels;

    @BeforeAll
    static void allocate() {
        vector = Nd4j.createUninitialized(DataType.FLOAT, LENGTH);
        kernels = new HostKernels(2);
    }

    @AfterAll
    static void free() {
        vector.close();
    }

    @Test
    void itIsFilledToItsEndAndItsSquaresAreSummed() {
        kernels.fill(vector, 0.5);
        assertThat(vector.getFloat(0)).isEqualTo(0.5f);
        assertThat(vector.getFloat(LENGTH - 1)).isEqualTo(0.5f);
        assertThat(kernels.sumOfSquares(vector, 0, LENGTH)).isEqualTo(0.25 * LENGTH);
    }

    @Test
    void anUpdateReachesItsEndButTakesNoMoreThanABufferAtATime() {
        INDArray last = Views.vector(vector, LENGTH - 3, 3);
        INDArray few = Nd4j.createFromArray(1f, 2f, 3f);
        last.assign(few);
        // Each its own parameters, gradient and moments: only where the elements lie is of interest.
        kernels.adamW(few, few, few, few, 0, 3, 0.1, 0.9, 0.999, 1e-8, 0.1, 1, 1);
        kernels.adamW(vector, vector, vector, vector, LENGTH - 3, 3, 0.1, 0.9, 0.999, 1e-8, 0.1, 1, 1);
        assertThat(last).isEqualTo(few).isNotEqualTo(Nd4j.createFromArray(1f, 2f, 3f));

        assertThatThrownBy(() -> kernels.adamW(vector, vector, vector, vector, 0, LENGTH, 1, 0, 0, 1, 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row has at most 536870911 elements, but 536872000 were asked for");
    }

    @Test
    void rowsOfALargeTableAreReadPutAndAddedTo() {
        INDArray table = Views.matrix(vector, 0, ROWS, COLUMNS);
        int[] lastAndFirst = {ROWS - 1, 0};
        INDArray values =
                Nd4j.linspace(1, 2 * COLUMNS, 2 * COLUMNS, DataType.FLOAT).reshape(2, COLUMNS);
        INDArray read = Nd4j.create(DataType.FLOAT, 2, COLUMNS);

        kernels.putRows(values, lastAndFirst, table);
        kernels.gatherRows(table, lastAndFirst, read);
        assertThat(read).isEqualTo(values);
        assertThat(vector.getFloat(LENGTH - 1)).isEqualTo(COLUMNS);

        kernels.addToRows(values, lastAndFirst, table);
        kernels.addGatheredRows(table, lastAndFirst, read);
        assertThat(read).isEqualTo(values.mul(3));
    }

    @Test
    void bytesBeyondTwoGibibytesAreTheVectorsOwn() {
        ByteBuffer bytes = Views.bytes(vector, LENGTH - 2, 2);
        assertThat(bytes.position()).isZero();
        assertThat(bytes.remaining()).isEqualTo(8);
        bytes.putFloat(4, 7);
        assertThat(vector.getFloat(LENGTH - 1)).isEqualTo(7);
        assertThat(Views.bytes(vector, LENGTH / 2, LENGTH / 4).remaining()).isEqualTo(LENGTH);
    }
}
