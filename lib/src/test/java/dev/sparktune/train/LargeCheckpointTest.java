package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a checkpoint holds, and workers compare, of a vector of more than the 2 GiB that a Java buffer ends at. */
class LargeCheckpointTest {
    @Test
    void thePiecesOfALargeVectorReachItsLastNumber() {
        long length = (1L << 29) + 5000;
        try (INDArray vector = Nd4j.createUninitialized(DataType.FLOAT, length)) {
            List<ByteBuffer> pieces = VectorFile.pieces(vector);
            assertThat(pieces.stream().mapToLong(ByteBuffer::remaining).sum()).isEqualTo(length * Float.BYTES);

            vector.putScalar(length - 1, 7);

            ByteBuffer last = pieces.get(pieces.size() - 1);
            assertThat(last.getFloat(last.limit() - Float.BYTES)).isEqualTo(7);
        }
    }
}
