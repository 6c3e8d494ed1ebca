package dev.sparktune.model.kernel;

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
        float[] zeros = new float[0];

        void reach(int keys) {
            if (row.length < keys) {
                probabilities = matrix(keys);
                dProbabilities = matrix(keys);
                row = new float[keys];
                dRow = new float[keys];
                zeros = new float[keys];
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
            int before = spans.keyCounts()[span] - spans.queries(span);
            for (int from = 0; from < spans.queries(span); from += ROWS) {
                int rows = Math.min(ROWS, spans.queries(span) - from);
                int behind = firstSeen(before + from, spans.window());
                int visible = before + from + rows - behind;
                int first = spans.queryStarts()[span] + from;
                long keyRow = (long) spans.keyStarts()[span] + behind;
                HostGemm.Side k = key.side(keyRow, (long) keyHead * headDim, true);
                HostGemm.Side v = value.side(keyRow, (long) keyHead * headDim, false);
                scratch.reach(visible);
                HostMatrix p = scratch.probabilities;
                for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
                    int column = head * headDim;
                    HostGemm.Side q = query.side(first, column, false);
                    HostGemm.single(rows, visible, headDim, scale, q, k, 0, p.pointer(), p.stride());
                    for (int i = 0; i < rows; i++) {
                        int end = visible - rows + i + 1;
                        int start = firstSeen(end - 1, spans.window());
                        softmax(p, i, start, end, visible, scratch, logSumExp, first + i, head);
                    }
                    HostGemm.single(
                            rows, headDim, visible, 1, p.side(false), v, 0, out.at(first, column), out.stride());
                }
            }
        });
    }

    /** The first key that the query at the place {@code own} among the keys sees. */
    private static int firstSeen(int own, int window) {
        return Math.max(0, own - window + 1);
    }

    /** Over the scores {@code [start, end)} of row i; its other columns up to {@code visible} become 0. */
    private static void softmax(
            HostMatrix p,
            int i,
            int start,
            int end,
            int visible,
            Scratch scratch,
            HostMatrix logSumExp,
            int query,
            int head) {
        float[] row = scratch.row;
        int seen = end - start;
        p.read(i, start, row, seen);
        float max = FloatMath.max(row, seen);
        FloatMath.exp(row, 1, -max, scratch.dRow, seen);
        double sum = FloatMath.sum(row, seen);
        FloatMath.scale(row, (float) (1 / sum), seen);
        writeWithin(p, i, row, start, end, visible, scratch);
        logSumExp.buffer().put(query * logSumExp.stride() + head, (float) (max + Math.log(sum)));
    }

    /** Puts {@code values[0 .. end - start)} into columns {@code [start, end)} of row i, and 0 into the others. */
    private static void writeWithin(
            HostMatrix p, int i, float[] values, int start, int end, int visible, Scratch scratch) {
        p.write(i, 0, scratch.zeros, start);
        p.write(i, start, values, end - start);
        p.write(i, end, scratch.zeros, visible - end);
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
            Scratch scratch = scratches[worker];
            int before = spans.keyCounts()[span] - spans.queries(span);
            for (int from = 0; from < spans.queries(span); from += ROWS) {
                int rows = Math.min(ROWS, spans.queries(span) - from);
                int behind = firstSeen(before + from, spans.window());
                int visible = before + from + rows - behind;
                int first = spans.queryStarts()[span] + from;
                long keyRow = (long) spans.keyStarts()[span] + behind;
                HostGemm.Side k = key.side(keyRow, keyColumn, true);
                HostGemm.Side kAgain = key.side(keyRow, keyColumn, false);
                HostGemm.Side v = value.side(keyRow, keyColumn, true);
                FloatPointer dK = dKey.at(keyRow, keyColumn);
                FloatPointer dV = dValue.at(keyRow, keyColumn);
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
                        int end = visible - rows + i + 1;
                        int start = firstSeen(end - 1, spans.window());
                        softmaxGradient(p, dP, i, start, end, visible, normaliser, scale, scratch);
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
            HostMatrix p,
            HostMatrix dP,
            int i,
            int start,
            int end,
            int visible,
            float normaliser,
            float scale,
            Scratch scratch) {
        float[] row = scratch.row;
        float[] dRow = scratch.dRow;
        int seen = end - start;
        p.read(i, start, row, seen);
        FloatMath.exp(row, 1, -normaliser, dRow, seen);
        dP.read(i, start, dRow, seen);
        float along = (float) FloatMath.dot(row, dRow, seen);
        for (int j = 0; j < seen; j++) {
            dRow[j] = row[j] * (dRow[j] - along) * scale;
        }
        writeWithin(p, i, row, start, end, visible, scratch);
        writeWithin(dP, i, dRow, start, end, visible, scratch);
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
