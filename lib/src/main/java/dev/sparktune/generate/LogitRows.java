package dev.sparktune.generate;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Logits {@code [rows, vocabulary]} copied to the heap: the decoder's own array lives until its next call only. */
final class LogitRows {
    private final float[] values;
    private final int vocabulary;

    LogitRows(INDArray logits) {
        values = logits.castTo(DataType.FLOAT).dup('c').data().asFloat();
        vocabulary = (int) logits.size(1);
    }

    /** {@code [vocabulary]} */
    float[] row(int row) {
        return Arrays.copyOfRange(values, row * vocabulary, (row + 1) * vocabulary);
    }

    /** log of the sum of exp over a row: a logit less this is its token's log-probability. */
    double logSumExp(int row) {
        int from = row * vocabulary;
        float highest = values[from];
        for (int i = from; i < from + vocabulary; i++) {
            highest = Math.max(highest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + vocabulary; i++) {
            sum += Math.exp(values[i] - highest);
        }
        return highest + Math.log(sum);
    }

    float logit(int row, int id) {
        return values[row * vocabulary + id];
    }
}
