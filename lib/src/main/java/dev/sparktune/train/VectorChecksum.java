package dev.sparktune.train;

import java.util.zip.CRC32C;
import org.nd4j.linalg.api.ndarray.INDArray;

/** By which workers on several machines find out whether they hold the same numbers. */
public final class VectorChecksum {
    private VectorChecksum() {}

    /** CRC-32C of the bytes of a flat vector. */
    public static long crc32c(INDArray vector) {
        CRC32C crc = new CRC32C();
        VectorFile.pieces(vector).forEach(crc::update);
        return crc.getValue();
    }
}
