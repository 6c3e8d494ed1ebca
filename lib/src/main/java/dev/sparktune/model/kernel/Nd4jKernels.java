package dev.sparktune.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Erf;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The kernels as plain ND4J operations, in FLOAT or DOUBLE, on whatever device ND4J runs on. Written to be read: this is
 * the oracle that faster kernels are checked against, and the fallback where they do not run. It allocates freely and
 * attends head by head.
 */
public final class Nd4jKernels implements Kernels {
    private final DataType dataType;

    public Nd4jKernels(DataType dataType) {
        if (dataType != DataType.FLOAT && dataType != DataType.DOUBLE) {
            throw new IllegalArgumentException("the decoder computes in FLOAT or DOUBLE, not in " + dataType);
        }
        this.dataType = dataType;
    }

    @Override
    public DataType dataType() {
        return dataType;
    }

    @Override
    public INDArray allocate(long... shape) {
        return Views.zeros(dataType, shape);
    }

    @Override
    public INDArray allocateBfloat16(long length) {
        return Views.zeros(DataType.BFLOAT16, length);
    }

    @Override
    public long wideningBytes(long elements) {
        return elements * dataType.width();
    }

    /** Frozen weights in the one type. */
    private INDArray wide(INDArray weight) {
        return weight.castTo(dataType);
    }

    @Override
    public void copy(INDArray from, INDArray to) {
        to.assign(from);
    }

    @Override
    public void fill(INDArray target, double value) {
        target.assign(value);
    }

    @Override
    public void gatherRows(INDArray table, int[] rows, INDArray out) {
        for (int i = 0; i < rows.length; i++) {
            Views.rows(out, i, 1).assign(Views.rows(table, rows[i], 1));
        }
    }

    @Override
    public void addGatheredRows(INDArray table, int[] rows, INDArray out) {
        for (int i = 0; i < rows.length; i++) {
            Views.rows(out, i, 1).addi(Views.rows(table, rows[i], 1));
        }
    }

    @Override
    public void putRows(INDArray source, int[] rows, INDArray table) {
        for (int i = 0; i < rows.length; i++) {
            Views.rows(table, rows[i], 1).assign(Views.rows(source, i, 1));
        }
    }

    @Override
    public void addToRows(INDArray source, int[] rows, INDArray table) {
        for (int i = 0; i < rows.length; i++) {
            Views.rows(table, rows[i], 1).addi(Views.rows(source, i, 1));
        }
    }

    @Override
    public void rmsNorm(INDArray x, INDArray weight, double eps, INDArray out, INDArray inverseRms) {
        for (int run = 0; run < inverseRms.columns(); run++) {
            INDArray part = run(x, run, weight);
            INDArray inverse = inverseRoot(part.mul(part).mean(true, 1), eps);
            Views.columns(inverseRms, run, 1).assign(inverse);
            run(out, run, weight).assign(part.mulColumnVector(inverse).muliRowVector(wide(weight)));
        }
    }

    @Override
    public void rmsNormGradient(
            INDArray dOut, INDArray x, INDArray weight, INDArray inverseRms, INDArray dX, INDArray dWeight) {
        for (int run = 0; run < inverseRms.columns(); run++) {
            INDArray d = run(dOut, run, weight);
            INDArray inverse = Views.columns(inverseRms, run, 1).dup('c');
            INDArray normed = run(x, run, weight).mulColumnVector(inverse);
            INDArray dNormed = d.mulRowVector(wide(weight));
            INDArray along = dNormed.mul(normed).mean(true, 1);
            run(dX, run, weight)
                    .addi(dNormed.subi(normed.mulColumnVector(along)).muliColumnVector(inverse));
            if (dWeight != null) {
                dWeight.addi(d.mul(normed).sum(0));
            }
        }
    }

    private static INDArray run(INDArray x, int run, INDArray weight) {
        return Views.columns(x, run * weight.length(), weight.length());
    }

    private static INDArray inverseRoot(INDArray x, double eps) {
        return Transforms.sqrt(x.add(eps), false).rdivi(1);
    }

    @Override
    public void layerNorm(
            INDArray x, INDArray weight, INDArray bias, double eps, INDArray out, INDArray inverseDeviation) {
        INDArray centred = x.subColumnVector(x.mean(true, 1));
        inverseDeviation.assign(inverseRoot(centred.mul(centred).mean(true, 1), eps));
        out.assign(centred.muliColumnVector(inverseDeviation)
                .muliRowVector(wide(weight))
                .addiRowVector(wide(bias)));
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
        INDArray normed = x.subColumnVector(x.mean(true, 1)).muliColumnVector(inverseDeviation);
        INDArray dNormed = dOut.mulRowVector(wide(weight));
        INDArray level = dNormed.mean(true, 1);
        INDArray along = dNormed.mul(normed).mean(true, 1);
        dX.addi(dNormed.subiColumnVector(level)
                .subi(normed.mulColumnVector(along))
                .muliColumnVector(inverseDeviation));
        if (dWeight != null) {
            dWeight.addi(dOut.mul(normed).sum(0));
            dBias.addi(dOut.sum(0));
        }
    }

    @Override
    public void linear(INDArray x, INDArray weight, INDArray out, boolean add) {
        INDArray whole = whole(out);
        Nd4j.gemm(columns(wide(weight)), columns(x), columns(whole), true, false, 1, add ? 1 : 0);
        if (whole != out) {
            out.assign(whole);
        }
    }

    @Override
    public void linearInputGradient(INDArray dOut, INDArray weight, INDArray dX, boolean add) {
        Nd4j.gemm(columns(wide(weight)), columns(whole(dOut)), columns(dX), false, false, 1, add ? 1 : 0);
    }

    @Override
    public void linearWeightGradient(INDArray dOut, INDArray x, INDArray dWeight) {
        Nd4j.gemm(columns(x), columns(whole(dOut)), columns(dWeight), false, true, 1, 1);
    }

    /** A matrix without gaps between its rows: itself, or a copy of a slice. */
    private static INDArray whole(INDArray slice) {
        return slice.rows() == 1 || slice.stride(0) == slice.columns() ? slice : slice.dup('c');
    }

    /** A row-major {@code [rows, n]} is an 'f'-ordered {@code [n, rows]} over the same memory: what BLAS wants, for free. */
    private static INDArray columns(INDArray matrix) {
        return matrix.reshape('c', new long[] {matrix.length()}).reshape('f', matrix.columns(), matrix.rows());
    }

    @Override
    public void scale(INDArray x, double factor) {
        x.muli(factor);
    }

    @Override
    public void dropout(INDArray x, double p, long[] rowKeys, INDArray out, boolean add) {
        INDArray factors = Nd4j.createUninitialized(dataType, x.shape(), 'c');
        for (int i = 0; i < x.rows(); i++) {
            for (int j = 0; j < x.columns(); j++) {
                factors.putScalar(i, j, CounterRandom.unit(rowKeys[i], j) < p ? 0 : 1 / (1 - p));
            }
        }
        factors.muli(x);
        if (add) {
            out.addi(factors);
        } else {
            out.assign(factors);
        }
    }

    @Override
    public void addBias(INDArray bias, INDArray out) {
        out.addiRowVector(wide(bias));
    }

    @Override
    public void biasGradient(INDArray dOut, INDArray dBias) {
        dBias.addi(dOut.sum(0));
    }

    @Override
    public void rotate(INDArray x, int headDim, int[] positions, INDArray cos, INDArray sin, boolean backwards) {
        int half = cos.columns();
        INDArray c = cos.getRows(positions);
        INDArray s = sin.getRows(positions).muli(backwards ? -1 : 1);
        for (int at = 0; at < x.columns(); at += headDim) {
            INDArray a = Views.columns(x, at, half);
            INDArray b = Views.columns(x, at + half, half);
            INDArray turned = a.mul(c).subi(b.mul(s));
            b.assign(b.mul(c).addi(a.mul(s)));
            a.assign(turned);
        }
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
        int headDim = query.columns() / heads;
        int group = query.columns() / key.columns();
        for (int span = 0; span < spans.count(); span++) {
            for (int head = 0; head < heads && spans.queries(span) > 0; head++) {
                INDArray q = queries(query, spans, span, head, headDim);
                INDArray k = keys(key, spans, span, head / group, headDim);
                INDArray v = keys(value, spans, span, head / group, headDim);
                INDArray scores = maskedScores(q, k, spans.window());
                INDArray max = scores.max(true, 1);
                INDArray exp = Transforms.exp(scores.subColumnVector(max), false);
                INDArray sum = exp.sum(true, 1);
                queries(out, spans, span, head, headDim)
                        .assign(exp.diviColumnVector(sum).mmul(v));
                queries(logSumExp, spans, span, head, 1)
                        .assign(Transforms.log(sum).addi(max));
            }
        }
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
        int headDim = query.columns() / heads;
        int group = query.columns() / key.columns();
        dQuery.assign(0);
        dKey.assign(0);
        dValue.assign(0);
        for (int span = 0; span < spans.count(); span++) {
            for (int head = 0; head < heads && spans.queries(span) > 0; head++) {
                INDArray q = queries(query, spans, span, head, headDim);
                INDArray k = keys(key, spans, span, head / group, headDim);
                INDArray v = keys(value, spans, span, head / group, headDim);
                INDArray d = queries(dOut, spans, span, head, headDim);
                INDArray normaliser = queries(logSumExp, spans, span, head, 1);
                INDArray p = Transforms.exp(maskedScores(q, k, spans.window()).subiColumnVector(normaliser), false);
                INDArray dP = d.mmul(v.transpose());
                INDArray along = p.mul(dP).sum(true, 1);
                INDArray dScores = dP.subiColumnVector(along).muli(p).muli(1 / Math.sqrt(headDim));
                queries(dQuery, spans, span, head, headDim).assign(dScores.mmul(k));
                keys(dKey, spans, span, head / group, headDim)
                        .addi(dScores.transpose().mmul(q));
                keys(dValue, spans, span, head / group, headDim)
                        .addi(p.transpose().mmul(d));
            }
        }
    }

    /** {@code q k^T / sqrt(headDim)} {@code [queries, keys]}, with what a query may not see far below all others. */
    private static INDArray maskedScores(INDArray q, INDArray k, int window) {
        INDArray scores = q.mmul(k.transpose()).divi(Math.sqrt(q.columns()));
        int before = k.rows() - q.rows();
        for (int i = 0; i < q.rows(); i++) {
            for (int j = 0; j < k.rows(); j++) {
                if (j > before + i || j <= before + i - window) {
                    scores.putScalar(i, j, -1e30);
                }
            }
        }
        return scores;
    }

    private static INDArray queries(INDArray matrix, AttentionSpans spans, int span, int head, int width) {
        return Views.block(matrix, spans.queryStarts()[span], spans.queries(span), (long) head * width, width);
    }

    private static INDArray keys(INDArray matrix, AttentionSpans spans, int span, int head, int width) {
        return Views.block(matrix, spans.keyStarts()[span], spans.keyCounts()[span], (long) head * width, width);
    }

    @Override
    public void activate(Activation f, INDArray x, INDArray out) {
        out.assign(value(f, x));
    }

    @Override
    public void activationGradient(Activation f, INDArray dOut, INDArray x) {
        x.assign(slope(f, x).muli(dOut));
    }

    @Override
    public void gate(Activation f, INDArray gateUp, INDArray out) {
        int n = out.columns();
        out.assign(value(f, Views.columns(gateUp, 0, n)).muli(Views.columns(gateUp, n, n)));
    }

    @Override
    public void gateGradient(Activation f, INDArray dOut, INDArray gateUp) {
        int n = dOut.columns();
        INDArray gate = Views.columns(gateUp, 0, n);
        INDArray up = Views.columns(gateUp, n, n);
        INDArray value = value(f, gate);
        gate.assign(slope(f, gate).muli(up).muli(dOut));
        up.assign(value.muli(dOut));
    }

    private static INDArray value(Activation f, INDArray x) {
        return switch (f) {
            case SILU -> x.mul(sigmoid(x));
            case GELU -> x.mul(normalProbability(x));
            case GELU_TANH -> x.mul(sigmoid(geluInner(x)));
            case RELU -> Transforms.max(x, 0, true);
        };
    }

    private static INDArray slope(Activation f, INDArray x) {
        return switch (f) {
            // s (1 + x (1 - s))
            case SILU -> sigmoid(x).rsub(1).muli(x).addi(1).muli(sigmoid(x));
            case GELU ->
                Transforms.exp(x.mul(x).muli(-0.5), false)
                        .muli(x)
                        .divi(Math.sqrt(2 * Math.PI))
                        .addi(normalProbability(x));
            // s (1 + x (1 - s) inner'), with inner' = 2 sqrt(2 / pi) (1 + 3 * 0.044715 x^2)
            case GELU_TANH -> {
                INDArray s = sigmoid(geluInner(x));
                INDArray inner = x.mul(x).muli(3 * 0.044715).addi(1).muli(2 * Math.sqrt(2 / Math.PI));
                yield s.rsub(1).muli(x).muli(inner).addi(1).muli(s);
            }
            case RELU -> x.gt(0).castTo(x.dataType());
        };
    }

    private static INDArray sigmoid(INDArray x) {
        return Transforms.sigmoid(x, true);
    }

    private static INDArray normalProbability(INDArray x) {
        INDArray scaled = x.mul(Math.sqrt(0.5));
        return Nd4j.getExecutioner()
                .exec(new Erf(scaled, scaled.ulike()))
                .addi(1)
                .divi(2);
    }

    /** The tanh form of GELU is {@code x sigmoid(inner)}, because {@code (1 + tanh(u)) / 2 = sigmoid(2 u)}. */
    private static INDArray geluInner(INDArray x) {
        return x.mul(x).muli(0.044715).addi(1).muli(x).muli(2 * Math.sqrt(2 / Math.PI));
    }

    @Override
    public double crossEntropy(INDArray logits, int[] targets, double gradientScale) {
        INDArray logProbs = logSoftmax(logits);
        double loss = 0;
        for (int i = 0; i < targets.length; i++) {
            loss -= logProbs.getDouble(i, targets[i]);
        }
        INDArray gradient = Transforms.exp(logProbs, false);
        for (int i = 0; i < targets.length; i++) {
            gradient.putScalar(i, targets[i], gradient.getDouble(i, targets[i]) - 1);
        }
        logits.assign(gradient.muli(gradientScale).castTo(dataType));
        return loss;
    }

    @Override
    public void score(INDArray logits, int[] targets, double[] logProbs, boolean[] greedy, int at) {
        INDArray all = logSoftmax(logits);
        INDArray best = Nd4j.argMax(logits, 1);
        for (int i = 0; i < targets.length; i++) {
            logProbs[at + i] = all.getDouble(i, targets[i]);
            greedy[at + i] = best.getInt(i) == targets[i];
        }
    }

    private static INDArray logSoftmax(INDArray logits) {
        INDArray x = logits.castTo(DataType.DOUBLE);
        INDArray shifted = x.subColumnVector(x.max(true, 1));
        INDArray logSum = Transforms.log(Transforms.exp(shifted).sum(true, 1), false);
        return shifted.subiColumnVector(logSum);
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
        INDArray gradient = Views.vector(grads, from, length).mul(gradScale);
        INDArray first = Views.vector(m, from, length);
        INDArray second = Views.vector(v, from, length);
        first.muli(beta1).addi(gradient.mul(1 - beta1));
        second.muli(beta2).addi(gradient.muli(gradient).muli(1 - beta2));
        INDArray root = Transforms.sqrt(second.div(1 - Math.pow(beta2, (double) step)), false)
                .addi(eps);
        INDArray update = first.div(root).muli(lr / (1 - Math.pow(beta1, (double) step)));
        Views.vector(params, from, length).muli(1 - lr * weightDecay).subi(update);
    }

    @Override
    public double sumOfSquares(INDArray x, long from, long length) {
        INDArray wide = Views.vector(x, from, length).castTo(DataType.DOUBLE);
        return wide.mul(wide).sumNumber().doubleValue();
    }

    @Override
    public void close() {}
}
