package dev.sparktune.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ViewsTest {
    @Test
    void bytesAreTheVectorsOwnMemory() {
        INDArray vector = Nd4j.createFromArray(new float[] {0, 1, 2, 3, 4, 5});
        ByteBuffer bytes = Views.bytes(Views.vector(vector, 1, 4), 1, 2);

        assertThat(bytes.position()).isZero();
        assertThat(bytes.remaining()).isEqualTo(8);
        assertThat(bytes.getFloat(0)).isEqualTo(2);
        bytes.putFloat(4, 7);
        assertThat(vector.toFloatVector()).containsExactly(0, 1, 2, 7, 4, 5);
    }

    @Test
    void aViewOfTwoGibibytesIsRefused() {
        INDArray vector = Nd4j.createFromArray(new float[] {0});
        assertThatThrownBy(() -> Views.bytes(vector, 0, 1L << 29))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a view of bytes ends at 2147483647, but 2147483648 were asked for");
    }
}
