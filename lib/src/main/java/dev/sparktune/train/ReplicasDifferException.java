package dev.sparktune.train;

import java.util.ArrayList;
import java.util.List;

/** Two workers hold different parameters after an update: a broken machine or transport, or a mistake in this program. */
public final class ReplicasDifferException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param checksums {@code [workers][1]} of the parameters */
    ReplicasDifferException(int step, double[][] checksums) {
        super("after update " + step + " the workers hold different parameters; their checksums are " + hex(checksums));
    }

    private static List<String> hex(double[][] checksums) {
        List<String> texts = new ArrayList<>();
        for (double[] checksum : checksums) {
            texts.add(Long.toHexString((long) checksum[0]));
        }
        return texts;
    }
}
