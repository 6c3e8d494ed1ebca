package dev.sparktune.model.kernel;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The kernels for a CPU in FLOAT: matrix products by BLAS, everything else fused into loops over one row at a time. Work
 * is cut over threads at fixed places and every sum has a fixed order, so that a number of threads stands for one result.
 */
public final class HostKernels implements Kernels {
    /** Elements that the optimizer's loops take at a time, and that a partial sum of squares covers. */
    private static final int CHUNK = 4096;

    /** Elements of a flat vector that one buffer is made for, whole chunks: a gibibyte. */
    private static final long PART = 1 << 28;

    private final Workers workers;
    private final HostGemm gemm;
    private final HostNorms norms;
    private final HostAttention attention;
    private final HostWidening widening;

    /** On the threads that {@link KernelThreads} counts. */
    public HostKernels() {
        this(KernelThreads.count());
    }

    public HostKernels(int threads) {
        if (!isSupported()) {
            throw new IllegalStateException("ND4J's backend is "
                    + Nd4j.getBackend().getClass().getSimpleName() + ": its arrays are not in host memory");
        }
        workers = new Workers(threads);
        gemm = new HostGemm(workers);
        norms = new HostNorms(workers);
        attention = new HostAttention(workers);
        widening = new HostWidening(workers);
    }

    /** Whether ND4J runs on its CPU backend. */
    public static boolean isSupported() {
        return "CpuBackend".equals(Nd4j.getBackend().getClass().getSimpleName());
    }

    /** The number that results depend on. */
    public int threads() {
        return workers.count();
    }

    @Override
    public DataType dataType() {
        return DataType.FLOAT;
    }

    @Override
    public INDArray allocate(long... shape) {
        return Views.zeros(DataType.FLOAT, shape);
    }

    @Override
    public INDArray allocateBfloat16(long length) {
        return Views.zeros(DataType.BFLOAT16, length);
    }

    @Override
    public long wideningBytes(long elements) {
        return Math.min(elements, HostWidening.BLOCK) * Float.BYTES;
    }

    @Override
    public void copy(INDArray from, INDArray to) {
        HostMatrix source = HostMatrix.of(from);
        HostMatrix target = HostMatrix.of(to);
        workers.ranges(source.rows(), source.columns(), (start, end) -> {
            for (int i = start; i < end; i++) {
                source.copy(i, 0, target, i, 0, source.columns());
            }
        });
    }

    @Override
    public void fill(INDArray target, double value) {
        long length = target.length();
        for (long from = 0; from < length; from += PART) {
            fill(HostMatrix.of(target, from, Math.min(PART, length - from)), (float) value);
        }
    }

    private void fill(HostMatrix part, float value) {
        workers.ranges(chunks(part.columns()), CHUNK, (start, end) -> {
            float[] values = new float[CHUNK];
            Arrays.fill(values, value);
            for (int chunk = start; chunk < end; chunk++) {
                int at = chunk * CHUNK;
                part.write(0, at, values, Math.min(CHUNK, part.columns() - at));
            }
        });
    }

    @Override
    public void gatherRows(INDArray table, int[] rows, INDArray out) {
        if (table.dataType() == DataType.BFLOAT16) {
            HostWidening.gatherRows(HostBfloat16.of(table), rows, HostMatrix.of(out), false);
            return;
        }
        HostMatrix source = HostMatrix.of(table);
        HostMatrix target = HostMatrix.of(out);
        for (int i = 0; i < rows.length; i++) {
            source.row(rows[i]).copy(0, 0, target, i, 0, target.columns());
        }
    }

    @Override
    public void addGatheredRows(INDArray table, int[] rows, INDArray out) {
        if (table.dataType() == DataType.BFLOAT16) {
            HostWidening.gatherRows(HostBfloat16.of(table), rows, HostMatrix.of(out), true);
            return;
        }
        HostMatrix source = HostMatrix.of(table);
        HostMatrix target = HostMatrix.of(out);
        int n = target.columns();
        float[] added = new float[n];
        float[] sum = new float[n];
        for (int i = 0; i < rows.length; i++) {
            source.row(rows[i]).read(0, 0, added, n);
            target.read(i, 0, sum, n);
            FloatMath.add(added, sum, n);
            target.write(i, 0, sum, n);
        }
    }

    @Override
    public void putRows(INDArray source, int[] rows, INDArray table) {
        HostMatrix from = HostMatrix.of(source);
        HostMatrix target = HostMatrix.of(table);
        for (int i = 0; i < rows.length; i++) {
            from.copy(i, 0, target.row(rows[i]), 0, 0, from.columns());
        }
    }

    @Override
    public void addToRows(INDArray source, int[] rows, INDArray table) {
        HostMatrix from = HostMatrix.of(source);
        HostMatrix target = HostMatrix.of(table);
        // By columns: one row of the table may be added to many times, in the order of the batch.
        workers.ranges(from.columns(), rows.length, (start, end) -> {
            float[] added = new float[end - start];
            float[] sum = new float[end - start];
            for (int i = 0; i < rows.length; i++) {
                from.read(i, start, added, added.length);
                HostMatrix row = target.row(rows[i]);
                row.read(0, start, sum, sum.length);
                FloatMath.add(added, sum, sum.length);
                row.write(0, start, sum, sum.length);
            }
        });
    }

    @Override
    public void rmsNorm(INDArray x, INDArray weight, double eps, INDArray out, INDArray inverseRms) {
        norms.rms(HostMatrix.of(x), row(weight), eps, HostMatrix.of(out), HostMatrix.of(inverseRms));
    }

    @Override
    public void rmsNormGradient(
            INDArray dOut, INDArray x, INDArray weight, INDArray inverseRms, INDArray dX, INDArray dWeight) {
        norms.rmsGradient(
                HostMatrix.of(dOut),
                HostMatrix.of(x),
                row(weight),
                HostMatrix.of(inverseRms),
                HostMatrix.of(dX),
                dWeight == null ? null : HostMatrix.of(dWeight));
    }

    @Override
    public void layerNorm(
            INDArray x, INDArray weight, INDArray bias, double eps, INDArray out, INDArray inverseDeviation) {
        norms.layer(HostMatrix.of(x), row(weight), row(bias), eps, HostMatrix.of(out), HostMatrix.of(inverseDeviation));
    }

    @Override
    public void layerNormGradient(
            INDArray dOut,
            INDArray x,
            INDArray weight,
            INDArray inverseDeviation,
            INDArray dX,
            INDArray dWeight,
            INDArray dBias) {
        norms.layerGradient(
                HostMatrix.of(dOut),
                HostMatrix.of(x),
                row(weight),
                HostMatrix.of(inverseDeviation),
                HostMatrix.of(dX),
                dWeight == null ? null : HostMatrix.of(dWeight),
                dBias == null ? null : HostMatrix.of(dBias));
    }

    @Override
    public void linear(INDArray x, INDArray weight, INDArray out, boolean add) {
        HostMatrix input = HostMatrix.of(x);
        HostMatrix output = HostMatrix.of(out);
        if (weight.dataType() == DataType.BFLOAT16) {
            widening.blocks(
                    HostBfloat16.of(weight),
                    (first, w) -> linear(input, w, output.columns(first, w.rows()), add ? 1 : 0));
        } else {
            linear(input, HostMatrix.of(weight), output, add ? 1 : 0);
        }
    }

    private void linear(HostMatrix x, HostMatrix w, HostMatrix out, float beta) {
        gemm.multiply(x.rows(), w.rows(), w.columns(), x.side(false), w.side(true), beta, out);
    }

    @Override
    public void linearInputGradient(INDArray dOut, INDArray weight, INDArray dX, boolean add) {
        HostMatrix d = HostMatrix.of(dOut);
        HostMatrix sum = HostMatrix.of(dX);
        if (weight.dataType() == DataType.BFLOAT16) {
            widening.blocks(
                    HostBfloat16.of(weight),
                    (first, w) -> linearInputGradient(d, first, w, sum, add || first > 0 ? 1 : 0));
        } else {
            linearInputGradient(d, 0, HostMatrix.of(weight), sum, add ? 1 : 0);
        }
    }

    /** Of the outputs from {@code first} on, whose weights {@code w} has. */
    private void linearInputGradient(HostMatrix d, int first, HostMatrix w, HostMatrix dX, float beta) {
        gemm.multiply(d.rows(), w.columns(), w.rows(), d.side(0, first, false), w.side(false), beta, dX);
    }

    @Override
    public void linearWeightGradient(INDArray dOut, INDArray x, INDArray dWeight) {
        HostMatrix d = HostMatrix.of(dOut);
        HostMatrix input = HostMatrix.of(x);
        gemm.multiply(
                d.columns(), input.columns(), d.rows(), d.side(true), input.side(false), 1, HostMatrix.of(dWeight));
    }

    @Override
    public void scale(INDArray x, double factor) {
        HostMatrix matrix = HostMatrix.of(x);
        int n = matrix.columns();
        workers.ranges(matrix.rows(), n, (start, end) -> {
            float[] row = new float[n];
            for (int i = start; i < end; i++) {
                matrix.read(i, 0, row, n);
                FloatMath.scale(row, (float) factor, n);
                matrix.write(i, 0, row, n);
            }
        });
    }

    @Override
    public void dropout(INDArray x, double p, long[] rowKeys, INDArray out, boolean add) {
        HostMatrix input = HostMatrix.of(x);
        HostMatrix output = HostMatrix.of(out);
        int n = input.columns();
        float kept = (float) (1 / (1 - p));
        workers.ranges(input.rows(), 8L * n, (start, end) -> {
            float[] row = new float[n];
            float[] sum = new float[n];
            for (int i = start; i < end; i++) {
                input.read(i, 0, row, n);
                if (add) {
                    output.read(i, 0, sum, n);
                }
                for (int j = 0; j < n; j++) {
                    float dropped = CounterRandom.unit(rowKeys[i], j) < p ? 0 : row[j] * kept;
                    sum[j] = add ? sum[j] + dropped : dropped;
                }
                output.write(i, 0, sum, n);
            }
        });
    }

    @Override
    public void addBias(INDArray bias, INDArray out) {
        HostMatrix output = HostMatrix.of(out);
        float[] biases = row(bias);
        int n = biases.length;
        workers.ranges(output.rows(), n, (start, end) -> {
            float[] row = new float[n];
            for (int i = start; i < end; i++) {
                output.read(i, 0, row, n);
                FloatMath.add(biases, row, n);
                output.write(i, 0, row, n);
            }
        });
    }

    @Override
    public void biasGradient(INDArray dOut, INDArray dBias) {
        HostMatrix d = HostMatrix.of(dOut);
        HostMatrix sums = HostMatrix.of(dBias);
        // By columns, so that each sum over the rows has one order.
        workers.ranges(d.columns(), d.rows(), (start, end) -> {
            float[] row = new float[end - start];
            float[] sum = new float[end - start];
            sums.read(0, start, sum, sum.length);
            for (int i = 0; i < d.rows(); i++) {
                d.read(i, start, row, row.length);
                FloatMath.add(row, sum, sum.length);
            }
            sums.write(0, start, sum, sum.length);
        });
    }

    @Override
    public void rotate(INDArray x, int headDim, int[] positions, INDArray cos, INDArray sin, boolean backwards) {
        HostMatrix heads = HostMatrix.of(x);
        HostMatrix cosines = HostMatrix.of(cos);
        HostMatrix sines = HostMatrix.of(sin);
        int half = cosines.columns();
        float direction = backwards ? -1 : 1;
        workers.ranges(positions.length, heads.columns(), (start, end) -> {
            float[] c = new float[half];
            float[] s = new float[half];
            float[] a = new float[half];
            float[] b = new float[half];
            for (int i = start; i < end; i++) {
                cosines.read(positions[i], 0, c, half);
                sines.read(positions[i], 0, s, half);
                FloatMath.scale(s, direction, half);
                for (int at = 0; at < heads.columns(); at += headDim) {
                    heads.read(i, at, a, half);
                    heads.read(i, at + half, b, half);
                    for (int j = 0; j < half; j++) {
                        float turned = a[j] * c[j] - b[j] * s[j];
                        b[j] = b[j] * c[j] + a[j] * s[j];
                        a[j] = turned;
                    }
                    heads.write(i, at, a, half);
                    heads.write(i, at + half, b, half);
                }
            }
        });
    }

    @Override
    public void attention(
            INDArray query,
            INDArray key,
            INDArray value,
            int heads,
            AttentionSpans spans,
            INDArray out,
            INDArray logSumExp) {
        attention.forward(
                HostMatrix.of(query),
                HostMatrix.of(key),
                HostMatrix.of(value),
                heads,
                spans,
                HostMatrix.of(out),
                HostMatrix.of(logSumExp));
    }

    @Override
    public void attentionGradient(
            INDArray dOut,
            INDArray query,
            INDArray key,
            INDArray value,
            int heads,
            AttentionSpans spans,
            INDArray logSumExp,
            INDArray dQuery,
            INDArray dKey,
            INDArray dValue) {
        HostMatrix dQueries = zeroed(dQuery);
        HostMatrix dKeys = zeroed(dKey);
        HostMatrix dValues = zeroed(dValue);
        attention.gradient(
                HostMatrix.of(dOut),
                HostMatrix.of(query),
                HostMatrix.of(key),
                HostMatrix.of(value),
                heads,
                spans,
                HostMatrix.of(logSumExp),
                dQueries,
                dKeys,
                dValues);
    }

    private static HostMatrix zeroed(INDArray slice) {
        HostMatrix matrix = HostMatrix.of(slice);
        float[] zeros = new float[matrix.columns()];
        for (int i = 0; i < matrix.rows(); i++) {
            matrix.write(i, 0, zeros, zeros.length);
        }
        return matrix;
    }

    @Override
    public void activate(Activation f, INDArray x, INDArray out) {
        HostMatrix input = HostMatrix.of(x);
        HostMatrix output = HostMatrix.of(out);
        int n = output.columns();
        workers.ranges(output.rows(), 8L * n, (start, end) -> {
            FloatActivation activation = new FloatActivation(f, n);
            float[] row = new float[n];
            for (int i = start; i < end; i++) {
                input.read(i, 0, row, n);
                activation.apply(row, n);
                output.write(i, 0, row, n);
            }
        });
    }

    @Override
    public void activationGradient(Activation f, INDArray dOut, INDArray x) {
        HostMatrix dOutput = HostMatrix.of(dOut);
        HostMatrix input = HostMatrix.of(x);
        int n = dOutput.columns();
        workers.ranges(dOutput.rows(), 8L * n, (start, end) -> {
            FloatActivation activation = new FloatActivation(f, n);
            float[] row = new float[n];
            float[] slope = new float[n];
            for (int i = start; i < end; i++) {
                input.read(i, 0, row, n);
                activation.applyWithSlope(row, slope, n);
                dOutput.read(i, 0, row, n);
                for (int j = 0; j < n; j++) {
                    row[j] *= slope[j];
                }
                input.write(i, 0, row, n);
            }
        });
    }

    @Override
    public void gate(Activation f, INDArray gateUp, INDArray out) {
        HostMatrix input = HostMatrix.of(gateUp);
        HostMatrix output = HostMatrix.of(out);
        int n = output.columns();
        workers.ranges(output.rows(), 8L * n, (start, end) -> {
            FloatActivation activation = new FloatActivation(f, n);
            float[] gate = new float[n];
            float[] up = new float[n];
            for (int i = start; i < end; i++) {
                input.read(i, 0, gate, n);
                input.read(i, n, up, n);
                activation.apply(gate, n);
                for (int j = 0; j < n; j++) {
                    up[j] *= gate[j];
                }
                output.write(i, 0, up, n);
            }
        });
    }

    @Override
    public void gateGradient(Activation f, INDArray dOut, INDArray gateUp) {
        HostMatrix dOutput = HostMatrix.of(dOut);
        HostMatrix input = HostMatrix.of(gateUp);
        int n = dOutput.columns();
        workers.ranges(dOutput.rows(), 8L * n, (start, end) -> {
            FloatActivation activation = new FloatActivation(f, n);
            float[] gate = new float[n];
            float[] slope = new float[n];
            float[] up = new float[n];
            float[] d = new float[n];
            for (int i = start; i < end; i++) {
                input.read(i, 0, gate, n);
                input.read(i, n, up, n);
                dOutput.read(i, 0, d, n);
                activation.applyWithSlope(gate, slope, n);
                for (int j = 0; j < n; j++) {
                    slope[j] *= d[j] * up[j];
                    up[j] = d[j] * gate[j];
                }
                input.write(i, 0, slope, n);
                input.write(i, n, up, n);
            }
        });
    }

    @Override
    public double crossEntropy(INDArray logits, int[] targets, double gradientScale) {
        HostMatrix matrix = HostMatrix.of(logits);
        int n = matrix.columns();
        double[] losses = new double[targets.length];
        workers.ranges(targets.length, 8L * n, (start, end) -> {
            float[] row = new float[n];
            float[] scratch = new float[n];
            for (int i = start; i < end; i++) {
                matrix.read(i, 0, row, n);
                float max = FloatMath.max(row, n);
                float target = row[targets[i]];
                FloatMath.exp(row, 1, -max, scratch, n);
                double sum = FloatMath.sum(row, n);
                losses[i] = Math.log(sum) + max - target;
                FloatMath.scale(row, (float) (gradientScale / sum), n);
                row[targets[i]] -= (float) gradientScale;
                matrix.write(i, 0, row, n);
            }
        });
        return Arrays.stream(losses).reduce(0, Double::sum);
    }

    @Override
    public void score(INDArray logits, int[] targets, double[] logProbs, boolean[] greedy, int at) {
        HostMatrix matrix = HostMatrix.of(logits);
        int n = matrix.columns();
        workers.ranges(targets.length, 8L * n, (start, end) -> {
            float[] row = new float[n];
            float[] scratch = new float[n];
            for (int i = start; i < end; i++) {
                matrix.read(i, 0, row, n);
                float max = FloatMath.max(row, n);
                float target = row[targets[i]];
                int best = 0;
                while (row[best] != max && best < n - 1) {
                    best++;
                }
                FloatMath.exp(row, 1, -max, scratch, n);
                logProbs[at + i] = target - max - Math.log(FloatMath.sum(row, n));
                greedy[at + i] = best == targets[i];
            }
        });
    }

    @Override
    public void adamW(
            INDArray params,
            INDArray grads,
            INDArray m,
            INDArray v,
            long from,
            long length,
            double lr,
            double beta1,
            double beta2,
            double eps,
            double weightDecay,
            long step,
            double gradScale) {
        HostMatrix p = HostMatrix.of(params, from, length);
        HostMatrix g = HostMatrix.of(grads, from, length);
        HostMatrix first = HostMatrix.of(m, from, length);
        HostMatrix second = HostMatrix.of(v, from, length);
        float scale = (float) gradScale;
        float keep = (float) (1 - lr * weightDecay);
        float b1 = (float) beta1;
        float b2 = (float) beta2;
        float rest1 = (float) (1 - beta1);
        float rest2 = (float) (1 - beta2);
        float rate = (float) (lr / (1 - Math.pow(beta1, (double) step)));
        float correction = (float) (1 / (1 - Math.pow(beta2, (double) step)));
        float floor = (float) eps;
        workers.ranges(chunks(length), CHUNK, (start, end) -> {
            float[] ps = new float[CHUNK];
            float[] gs = new float[CHUNK];
            float[] ms = new float[CHUNK];
            float[] vs = new float[CHUNK];
            for (int chunk = start; chunk < end; chunk++) {
                int at = chunk * CHUNK;
                int n = (int) Math.min(CHUNK, length - at);
                p.read(0, at, ps, n);
                g.read(0, at, gs, n);
                first.read(0, at, ms, n);
                second.read(0, at, vs, n);
                for (int j = 0; j < n; j++) {
                    float gradient = gs[j] * scale;
                    ms[j] = b1 * ms[j] + rest1 * gradient;
                    vs[j] = b2 * vs[j] + rest2 * gradient * gradient;
                    float root = (float) Math.sqrt(vs[j] * correction) + floor;
                    ps[j] = ps[j] * keep - rate * ms[j] / root;
                }
                p.write(0, at, ps, n);
                first.write(0, at, ms, n);
                second.write(0, at, vs, n);
            }
        });
    }

    @Override
    public double sumOfSquares(INDArray x, long from, long length) {
        double sum = 0;
        for (long at = 0; at < length; at += PART) {
            for (double square : squares(HostMatrix.of(x, from + at, Math.min(PART, length - at)))) {
                sum += square;
            }
        }
        return sum;
    }

    /** The sum of each chunk. */
    private double[] squares(HostMatrix part) {
        double[] sums = new double[chunks(part.columns())];
        workers.ranges(sums.length, CHUNK, (start, end) -> {
            float[] values = new float[CHUNK];
            for (int chunk = start; chunk < end; chunk++) {
                int at = chunk * CHUNK;
                int n = Math.min(CHUNK, part.columns() - at);
                part.read(0, at, values, n);
                sums[chunk] = FloatMath.dot(values, values, n);
            }
        });
        return sums;
    }

    private static int chunks(long length) {
        return Math.toIntExact((length + CHUNK - 1) / CHUNK);
    }

    private static float[] row(INDArray vector) {
        if (vector.dataType() == DataType.BFLOAT16) {
            HostBfloat16 narrow = HostBfloat16.of(vector);
            float[] values = new float[narrow.columns()];
            HostBfloat16.read(narrow.rows(0, 1), 0, values, new short[values.length], values.length);
            return values;
        }
        HostMatrix matrix = HostMatrix.of(vector);
        float[] values = new float[matrix.columns()];
        matrix.read(0, 0, values, values.length);
        return values;
    }

    @Override
    public void close() {}
}
