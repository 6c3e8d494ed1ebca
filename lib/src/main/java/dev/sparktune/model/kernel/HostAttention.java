package dev.sparktune.model.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;

/**
 * Attention over host memory. Scores exist for a few query rows of one head at a time, and only for the keys that the last
 * of those rows sees; the gradient computes them again. A span and a key head, with the query heads that read it, are one
 * item of work: no two items write to the same place.
 */
final class HostAttention {
    /** Query rows at a time. */
    private static final int ROWS = 64;

    /** Each worker's two blocks of scores, {@code [ROWS, keys]}, and rows of them. They only grow. */
    private static final class Scratch {
        HostMatrix probabilities;
        HostMatrix dProbabilities;
        float[] row = new float[0];
        float[] dRow = new float[0];

        void reach(int keys) {
            if (row.length < keys) {
                probabilities = matrix(keys);
                dProbabilities = matrix(keys);
                row = new float[keys];
                dRow = new float[keys];
            }
        }

        private static HostMatrix matrix(int keys) {
            FloatPointer memory = new FloatPointer((long) ROWS * keys);
            return new HostMatrix(memory, memory.asBuffer(), ROWS, keys, keys);
        }
    }

    private final Workers workers;
    private final Scratch[] scratches;

    HostAttention(Workers workers) {
        this.workers = workers;
        scratches = new Scratch[workers.count()];
        for (int w = 0; w < scratches.length; w++) {
            scratches[w] = new Scratch();
        }
    }

    void forward(
            HostMatrix query,
            HostMatrix key,
            HostMatrix value,
            int heads,
            AttentionSpans spans,
            HostMatrix out,
            HostMatrix logSumExp) {
        int headDim = query.columns() / heads;
        int keyHeads = key.columns() / headDim;
        int group = heads / keyHeads;
        float scale = (float) (1 / Math.sqrt(headDim));
        workers.items(spans.count() * keyHeads, costOfItem(spans, query), (worker, item) -> {
            int span = item / keyHeads;
            int keyHead = item % keyHeads;
            Scratch scratch = scratches[worker];
            HostGemm.Side k = key.side(spans.keyStarts()[span], (long) keyHead * headDim, true);
            HostGemm.Side v = value.side(spans.keyStarts()[span], (long) keyHead * headDim, false);
            int before = spans.keyCounts()[span] - spans.queries(span);
            for (int from = 0; from < spans.queries(span); from += ROWS) {
                int rows = Math.min(ROWS, spans.queries(span) - from);
                int visible = before + from + rows;
                int first = spans.queryStarts()[span] + from;
                scratch.reach(visible);
                HostMatrix p = scratch.probabilities;
                for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                    int column = head * headDim;
                    HostGemm.Side q = query.side(first, column, false);
                    HostGemm.single(rows, visible, headDim, scale, q, k, 0, p.pointer(), p.stride());
                    for (int i = 0; i < rows; i++) {
                        softmax(p, i, visible - rows + i + 1, visible, scratch, logSumExp, first + i, head);
                    }
                    HostGemm.single(
                            rows, headDim, visible, 1, p.side(false), v, 0, out.at(first, column), out.stride());
                }
            }
        });
    }

    /** Over the first {@code seen} scores of row i; the other columns up to {@code visible} become 0. */
    private static void softmax(
            HostMatrix p, int i, int seen, int visible, Scratch scratch, HostMatrix logSumExp, int query, int head) {
        float[] row = scratch.row;
        p.read(i, 0, row, seen);
        float max = FloatMath.max(row, seen);
        FloatMath.exp(row, 1, -max, scratch.dRow, seen);
        double sum = FloatMath.sum(row, seen);
        FloatMath.scale(row, (float) (1 / sum), seen);
        Arrays.fill(row, seen, visible, 0f);
        p.write(i, 0, row, visible);
        logSumExp.buffer().put(query * logSumExp.stride() + head, (float) (max + Math.log(sum)));
    }

    void gradient(
            HostMatrix dOut,
            HostMatrix query,
            HostMatrix key,
            HostMatrix value,
            int heads,
            AttentionSpans spans,
            HostMatrix logSumExp,
            HostMatrix dQuery,
            HostMatrix dKey,
            HostMatrix dValue) {
        int headDim = query.columns() / heads;
        int keyHeads = key.columns() / headDim;
        int group = heads / keyHeads;
        float scale = (float) (1 / Math.sqrt(headDim));
        workers.items(spans.count() * keyHeads, 3 * costOfItem(spans, query), (worker, item) -> {
            int span = item / keyHeads;
            int keyHead = item % keyHeads;
            int keyColumn = keyHead * headDim;
            int keyStart = spans.keyStarts()[span];
            Scratch scratch = scratches[worker];
            HostGemm.Side k = key.side(keyStart, keyColumn, true);
            HostGemm.Side kAgain = key.side(keyStart, keyColumn, false);
            HostGemm.Side v = value.side(keyStart, keyColumn, true);
            FloatPointer dK = dKey.at(keyStart, keyColumn);
            FloatPointer dV = dValue.at(keyStart, keyColumn);
            int before = spans.keyCounts()[span] - spans.queries(span);
            for (int from = 0; from < spans.queries(span); from += ROWS) {
                int rows = Math.min(ROWS, spans.queries(span) - from);
                int visible = before + from + rows;
                int first = spans.queryStarts()[span] + from;
                scratch.reach(visible);
                HostMatrix p = scratch.probabilities;
                HostMatrix dP = scratch.dProbabilities;
                for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                    int column = head * headDim;
                    HostGemm.Side q = query.side(first, column, false);
                    HostGemm.Side d = dOut.side(first, column, false);
                    HostGemm.single(rows, visible, headDim, scale, q, k, 0, p.pointer(), p.stride());
                    HostGemm.single(rows, visible, headDim, 1, d, v, 0, dP.pointer(), dP.stride());
                    for (int i = 0; i < rows; i++) {
                        float normaliser = logSumExp.buffer().get((first + i) * logSumExp.stride() + head);
                        softmaxGradient(p, dP, i, visible - rows + i + 1, visible, normaliser, scale, scratch);
                    }
                    FloatPointer dQ = dQuery.at(first, column);
                    HostGemm.single(rows, headDim, visible, 1, dP.side(false), kAgain, 0, dQ, dQuery.stride());
                    HostGemm.single(visible, headDim, rows, 1, dP.side(true), q, 1, dK, dKey.stride());
                    HostGemm.single(visible, headDim, rows, 1, p.side(true), d, 1, dV, dValue.stride());
                }
            }
        });
    }

    /** Turns scores into probabilities and their gradient into that of the scores before scaling by 1 / sqrt(headDim). */
    private static void softmaxGradient(
            HostMatrix p, HostMatrix dP, int i, int seen, int visible, float normaliser, float scale, Scratch scratch) {
        float[] row = scratch.row;
        float[] dRow = scratch.dRow;
        p.read(i, 0, row, seen);
        FloatMath.exp(row, 1, -normaliser, dRow, seen);
        dP.read(i, 0, dRow, seen);
        float along = (float) FloatMath.dot(row, dRow, seen);
        for (int j = 0; j < seen; j++) {
            dRow[j] = row[j] * (dRow[j] - along) * scale;
        }
        Arrays.fill(row, seen, visible, 0f);
        Arrays.fill(dRow, seen, visible, 0f);
        p.write(i, 0, row, visible);
        dP.write(i, 0, dRow, visible);
    }

    /** Elements touched for a span and key head on average. */
    private static long costOfItem(AttentionSpans spans, HostMatrix query) {
        long cost = 0;
        for (int span = 0; span < spans.count(); span++) {
            cost += (long) spans.queries(span) * spans.keyCounts()[span];
        }
        return cost / Math.max(1, spans.count()) + query.columns();
    }
}
