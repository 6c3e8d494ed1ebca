package dev.sparktune.model.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of the decoder, at the height of whole operations. All matrices are row-major ('c'), one row per token;
 * where a parameter says <i>slice</i>, a range of columns of a wider matrix will do too. Callers own every array and keep
 * it between steps; an implementation may keep scratch of its own. Nothing here promises that an array lies in host
 * memory: callers make arrays with {@link #allocate} and touch elements only through these operations.
 *
 * <p>Gradients are named {@code d…}: the derivative of the loss by that value. Implementations give the same bits for the
 * same input, every time, for one number of threads. One instance serves one thread at a time.
 *
 * <p>Frozen weights may also be BFLOAT16: what is named {@code weight}, {@code bias} or {@code table} where it is only read. It is
 * widened, which is exact, a part at a time, and computed with in the one type.
 */
public interface Kernels extends AutoCloseable {
    /** The one type of all arrays but frozen weights. */
    DataType dataType();

    /** Zeros of this shape, 'c'-ordered. */
    INDArray allocate(long... shape);

    /** Zeros in BFLOAT16, {@code [length]}, for frozen weights. */
    INDArray allocateBfloat16(long length);

    /** What it takes to widen BFLOAT16 matrices of at most so many elements, in bytes. */
    long wideningBytes(long elements);

    /** Matrices of one shape. */
    void copy(INDArray from, INDArray to);

    /** {@code target}: whole, not a slice. */
    void fill(INDArray target, double value);

    /** {@code out[i] = table[rows[i]]}: the embedding, or some rows of a batch. {@code table [r, n], out [rows, n]}. */
    void gatherRows(INDArray table, int[] rows, INDArray out);

    /** {@code out[i] += table[rows[i]]}: positions on top of the embedding. Shapes as in {@link #gatherRows}. */
    void addGatheredRows(INDArray table, int[] rows, INDArray out);

    /** {@code table[rows[i]] = source[i]}. {@code source [rows, n]} slice, {@code table [r, n]}. */
    void putRows(INDArray source, int[] rows, INDArray table);

    /** {@code table[rows[i]] += source[i]} in the order of i: the gradient of {@link #gatherRows}. */
    void addToRows(INDArray source, int[] rows, INDArray table);

    /**
     * {@code out = x * inverseRms * weight} with {@code inverseRms = 1 / sqrt(mean(x^2) + eps)} (Zhang and Sennrich 2019), over
     * each run of n columns by itself: a whole row, or each head of one.
     *
     * @param x {@code [tokens, runs * n]} slice
     * @param weight {@code [n]}
     * @param out the shape of x, slice
     * @param inverseRms {@code [tokens, runs]}, written: kept for the gradient
     */
    void rmsNorm(INDArray x, INDArray weight, double eps, INDArray out, INDArray inverseRms);

    /** Adds to {@code dX} (the shape of x, slice) and {@code dWeight [n]}; null: that is not wanted. */
    void rmsNormGradient(
            INDArray dOut, INDArray x, INDArray weight, INDArray inverseRms, INDArray dX, INDArray dWeight);

    /**
     * {@code out = (x - mean(x)) * inverseDeviation * weight + bias} with {@code inverseDeviation = 1 / sqrt(variance(x) + eps)} per
     * row (Ba, Kiros and Hinton 2016).
     *
     * @param x {@code [tokens, n]}
     * @param weight {@code [n]}
     * @param bias {@code [n]}
     * @param out {@code [tokens, n]}
     * @param inverseDeviation {@code [tokens, 1]}, written: kept for the gradient
     */
    void layerNorm(INDArray x, INDArray weight, INDArray bias, double eps, INDArray out, INDArray inverseDeviation);

    /** Adds to {@code dX [tokens, n]}, {@code dWeight [n]} and {@code dBias [n]}; both null: those are not wanted. */
    void layerNormGradient(
            INDArray dOut,
            INDArray x,
            INDArray weight,
            INDArray inverseDeviation,
            INDArray dX,
            INDArray dWeight,
            INDArray dBias);

    /**
     * {@code out = x weight^T}, or {@code out += x weight^T}.
     *
     * @param x {@code [tokens, in]}
     * @param weight {@code [out, in]}
     * @param out {@code [tokens, out]} slice
     */
    void linear(INDArray x, INDArray weight, INDArray out, boolean add);

    /** {@code dX = dOut weight}, or {@code dX += dOut weight}: {@code [tokens, in]}; {@code dOut} slice. */
    void linearInputGradient(INDArray dOut, INDArray weight, INDArray dX, boolean add);

    /** {@code dWeight += dOut^T x}, {@code [out, in]}; {@code dOut} slice. */
    void linearWeightGradient(INDArray dOut, INDArray x, INDArray dWeight);

    /** {@code x *= factor}, any shape, whole. */
    void scale(INDArray x, double factor);

    /**
     * Dropout: {@code out = x / (1 - p)} where a coin that falls 0 with probability p says 1, else 0. The coin of an element follows
     * from its row's key and its column, so that the same call drops the same elements, of a gradient, too.
     *
     * @param x {@code [tokens, n]}
     * @param p in [0, 1)
     * @param rowKeys {@code [tokens]}
     * @param out {@code [tokens, n]}, another than x
     * @param add whether that is added to what {@code out} holds
     */
    void dropout(INDArray x, double p, long[] rowKeys, INDArray out, boolean add);

    /** {@code out[i] += bias} for each row. {@code bias [n], out [tokens, n]}. */
    void addBias(INDArray bias, INDArray out);

    /** {@code dBias += sum of dOut[i] over i}: the gradient of {@link #addBias}. */
    void biasGradient(INDArray dOut, INDArray dBias);

    /**
     * Turns the first columns of each head by its position, in place: with those columns split in halves a, b, {@code (a cos - b
     * sin, b cos + a sin)} (Su et al. 2021, in the layout of Hugging Face).
     *
     * @param x {@code [tokens, heads * headDim]} slice
     * @param headDim at least twice the tables' columns; columns behind those stay as they are
     * @param positions {@code [tokens]}: rows of the tables
     * @param cos {@code [positions, pairs]}
     * @param sin the same shape
     * @param backwards multiplies by the transpose instead: the gradient
     */
    void rotate(INDArray x, int headDim, int[] positions, INDArray cos, INDArray sin, boolean backwards);

    /**
     * Causal attention inside each span and its window: {@code softmax(q k^T / sqrt(headDim)) v} per head; query head j reads key head
     * {@code j * keyHeads / heads}.
     *
     * @param query {@code [queries, heads * headDim]} slice
     * @param key {@code [keys, keyHeads * headDim]} slice
     * @param value the same shape, slice
     * @param out {@code [queries, heads * headDim]}
     * @param logSumExp {@code [queries, heads]}, written: the softmax's normaliser, kept for the gradient
     */
    void attention(
            INDArray query,
            INDArray key,
            INDArray value,
            int heads,
            AttentionSpans spans,
            INDArray out,
            INDArray logSumExp);

    /** Writes all of {@code dQuery}, {@code dKey}, {@code dValue} (slices, shaped as what they belong to). */
    void attentionGradient(
            INDArray dOut,
            INDArray query,
            INDArray key,
            INDArray value,
            int heads,
            AttentionSpans spans,
            INDArray logSumExp,
            INDArray dQuery,
            INDArray dKey,
            INDArray dValue);

    /** {@code out = f(x)}, both {@code [tokens, n]}. */
    void activate(Activation f, INDArray x, INDArray out);

    /** Replaces {@code x} by its gradient. */
    void activationGradient(Activation f, INDArray dOut, INDArray x);

    /** {@code out = f(gate) * up}. {@code gateUp [tokens, 2 n]}: gates, then ups; {@code out [tokens, n]}. */
    void gate(Activation f, INDArray gateUp, INDArray out);

    /** Replaces {@code gateUp} by its gradient. */
    void gateGradient(Activation f, INDArray dOut, INDArray gateUp);

    /**
     * Sum of {@code -log softmax(logits)[target]} over rows, added up in double. Replaces the logits by the gradient of that
     * sum times {@code gradientScale}.
     *
     * @param logits {@code [rows, vocab]}
     * @param targets {@code [rows]}
     */
    double crossEntropy(INDArray logits, int[] targets, double gradientScale);

    /**
     * Writes {@code log softmax(logits)[target]} and whether no other token has a larger logit (of equal ones the first
     * counts) for each row to {@code logProbs[at + row]} and {@code greedy[at + row]}.
     */
    void score(INDArray logits, int[] targets, double[] logProbs, boolean[] greedy, int at);

    /**
     * One step of AdamW (Loshchilov and Hutter 2019, as PyTorch computes it) over elements {@code [from, from + length)} of
     * four flat vectors: {@code g = gradScale * grads; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; params =
     * params (1 - lr weightDecay) - lr (m / (1 - beta1^step)) / (sqrt(v / (1 - beta2^step)) + eps)}.
     *
     * @param step counts from 1
     */
    void adamW(
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
            double gradScale);

    /** Sum of squares of elements {@code [from, from + length)} of a flat vector, in double, in a fixed order. */
    double sumOfSquares(INDArray x, long from, long length);

    @Override
    void close();
}
