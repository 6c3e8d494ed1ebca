package dev.sparktune.model.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Each operation against the same in plain ND4J, in DOUBLE; and with two threads the bits of repeated calls. */
class HostKernelsTest {
    private final Random random = new Random(7);

    @Test
    void rowsAreGatheredPutAndAdded() {
        INDArray table = normal(50, 40);
        INDArray source = normal(900, 40);
        int[] rows = random.ints(900, 0, 50).toArray();
        same(new INDArray[] {table, source}, (kernels, a) -> kernels.gatherRows(a[0], rows, a[1]));
        same(new INDArray[] {table, source}, (kernels, a) -> kernels.addGatheredRows(a[0], rows, a[1]));
        same(new INDArray[] {table, source}, (kernels, a) -> kernels.addToRows(a[1], rows, a[0]));
        int[] few = {3, 49, 0};
        INDArray wide = normal(3, 100);
        same(new INDArray[] {table, wide}, (kernels, a) -> kernels.putRows(Views.columns(a[1], 60, 40), few, a[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700})
    void rmsNormAndItsGradient(int rows) {
        INDArray[] arrays = {normal(rows, 37), normal(37), normal(rows, 37), Nd4j.zeros(DataType.DOUBLE, rows, 1)};
        same(arrays, (kernels, a) -> kernels.rmsNorm(a[0], a[1], 1e-5, a[2], a[3]));
        INDArray inverse = Nd4j.rand(DataType.DOUBLE, rows, 1).addi(0.5);
        INDArray[] more = {normal(rows, 37), normal(rows, 37), normal(37), inverse, normal(rows, 37), normal(37)};
        same(more, (kernels, a) -> kernels.rmsNormGradient(a[0], a[1], a[2], a[3], a[4], a[5]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 400})
    void rmsNormOfHeadsInASlice(int rows) {
        INDArray inverse = Nd4j.rand(DataType.DOUBLE, rows, 3).addi(0.5);
        INDArray[] arrays = {normal(rows, 30), normal(10), normal(rows, 47), inverse};
        same(arrays, (kernels, a) -> kernels.rmsNorm(a[0], a[1], 1e-5, Views.columns(a[2], 7, 30), a[3]));
        INDArray[] more = {normal(rows, 47), normal(rows, 30), normal(10), inverse, normal(rows, 30), normal(10)};
        same(more, (kernels, a) -> kernels.rmsNormGradient(Views.columns(a[0], 7, 30), a[1], a[2], a[3], a[4], a[5]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700})
    void layerNormAndItsGradient(int rows) {
        INDArray[] arrays = {
            normal(rows, 37).addi(3), normal(37), normal(37), normal(rows, 37), Nd4j.zeros(DataType.DOUBLE, rows, 1)
        };
        same(arrays, (kernels, a) -> kernels.layerNorm(a[0], a[1], a[2], 1e-5, a[3], a[4]));
        INDArray inverse = Nd4j.rand(DataType.DOUBLE, rows, 1).addi(0.5);
        INDArray[] more = {
            normal(rows, 37), normal(rows, 37).addi(3), normal(37), inverse, normal(rows, 37), normal(37), normal(37)
        };
        same(more, (kernels, a) -> kernels.layerNormGradient(a[0], a[1], a[2], a[3], a[4], a[5], a[6]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 900})
    void biasAndItsGradient(int rows) {
        INDArray[] arrays = {normal(41), normal(rows, 41)};
        same(arrays, (kernels, a) -> kernels.addBias(a[0], a[1]));
        same(arrays, (kernels, a) -> kernels.biasGradient(a[1], a[0]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 900})
    void scaleAndDropout(int rows) {
        INDArray[] arrays = {normal(rows, 41), normal(rows, 41)};
        long[] keys = random.longs(rows).toArray();
        same(arrays, (kernels, a) -> kernels.scale(a[0], -1.7));
        same(arrays, (kernels, a) -> kernels.dropout(a[0], 0.3, keys, a[1], false));
        same(arrays, (kernels, a) -> kernels.dropout(a[0], 0.3, keys, a[1], true));
    }

    @Test
    void dropoutKeepsTheMeanAndDropsItsShare() {
        try (HostKernels kernels = new HostKernels(2)) {
            INDArray ones = Nd4j.ones(DataType.FLOAT, 500, 400);
            INDArray out = Nd4j.create(DataType.FLOAT, 500, 400);
            kernels.dropout(ones, 0.3, random.longs(500).toArray(), out, false);
            assertThat(out.eq(0).castTo(DataType.DOUBLE).meanNumber().doubleValue())
                    .isCloseTo(0.3, within(0.005));
            assertThat(out.meanNumber().doubleValue()).isCloseTo(1, within(0.005));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 300})
    void linearOfSlicesAndItsGradients(int rows) {
        INDArray[] arrays = {normal(rows, 33), normal(20, 33), normal(rows, 70)};
        same(arrays, (kernels, a) -> kernels.linear(a[0], a[1], Views.columns(a[2], 7, 20), false));
        same(arrays, (kernels, a) -> kernels.linear(a[0], a[1], Views.columns(a[2], 7, 20), true));
        same(arrays, (kernels, a) -> kernels.linearInputGradient(Views.columns(a[2], 7, 20), a[1], a[0], true));
        same(arrays, (kernels, a) -> kernels.linearWeightGradient(Views.columns(a[2], 7, 20), a[0], a[1]));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 300})
    void linearAndItsGradients(int rows) {
        INDArray[] arrays = {normal(rows, 33), normal(70, 33), normal(rows, 70)};
        same(arrays, (kernels, a) -> kernels.linear(a[0], a[1], a[2], false));
        same(arrays, (kernels, a) -> kernels.linear(a[0], a[1], a[2], true));
        same(arrays, (kernels, a) -> kernels.linearInputGradient(a[2], a[1], a[0], false));
        same(arrays, (kernels, a) -> kernels.linearInputGradient(a[2], a[1], a[0], true));
        same(arrays, (kernels, a) -> kernels.linearWeightGradient(a[2], a[0], a[1]));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rotation(boolean backwards) {
        int[] positions = random.ints(400, 0, 30).toArray();
        INDArray[] arrays = {normal(400, 60), normal(30, 5), normal(30, 5)};
        same(arrays, (kernels, a) -> kernels.rotate(Views.columns(a[0], 10, 40), 10, positions, a[1], a[2], backwards));
        // Heads of 20 columns, of which 10 are turned.
        same(arrays, (kernels, a) -> kernels.rotate(Views.columns(a[0], 10, 40), 20, positions, a[1], a[2], backwards));
    }

    @Test
    void attentionOverPackedExamplesOfUnequalLength() {
        // Above 64 the queries of an example are taken in several blocks.
        attention(AttentionSpans.packed(new int[] {0, 1, 131, 131, 150, 214}), 214, 214);
    }

    @Test
    void attentionOfNewTokensToCachedOnes() {
        attention(
                new AttentionSpans(new int[] {0, 1, 3, 3, 73}, new int[] {0, 50, 100, 150}, new int[] {8, 50, 0, 90}),
                73,
                250);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 100})
    void attentionWithinAWindow(int window) {
        attention(AttentionSpans.packed(new int[] {0, 1, 131, 131, 150, 214}).within(window), 214, 214);
        attention(
                new AttentionSpans(new int[] {0, 1, 3, 3, 73}, new int[] {0, 50, 100, 150}, new int[] {8, 50, 0, 90})
                        .within(window),
                73,
                250);
    }

    private void attention(AttentionSpans spans, int queries, int keys) {
        int heads = 4;
        int headDim = 6;
        INDArray query = normal(queries, 24 + 5);
        INDArray keyValue = normal(keys, 2 * 12);
        INDArray out = normal(queries, 24);
        INDArray logSumExp = normal(queries, heads);
        INDArray[] arrays = {query, keyValue, out, logSumExp};
        same(
                arrays,
                (kernels, a) -> kernels.attention(
                        Views.columns(a[0], 5, 24),
                        Views.columns(a[1], 0, 2 * headDim),
                        Views.columns(a[1], 2 * headDim, 2 * headDim),
                        heads,
                        spans,
                        a[2],
                        a[3]));
        INDArray dQuery = normal(queries, 29);
        INDArray dKeyValue = normal(keys, 24);
        same(new INDArray[] {query, keyValue, out, logSumExp, dQuery, dKeyValue}, (kernels, a) -> {
            INDArray q = Views.columns(a[0], 5, 24);
            INDArray k = Views.columns(a[1], 0, 12);
            INDArray v = Views.columns(a[1], 12, 12);
            INDArray dOut = a[2].dup('c');
            kernels.attention(q, k, v, heads, spans, a[2], a[3]);
            kernels.attentionGradient(
                    dOut,
                    q,
                    k,
                    v,
                    heads,
                    spans,
                    a[3],
                    Views.columns(a[4], 5, 24),
                    Views.columns(a[5], 0, 12),
                    Views.columns(a[5], 12, 12));
        });
    }

    @ParameterizedTest
    @EnumSource
    void activationsAndTheirGradients(Activation f) {
        INDArray[] arrays = {normal(500, 2 * 45).muli(4), normal(500, 45)};
        same(arrays, (kernels, a) -> kernels.gate(f, a[0], a[1]));
        same(arrays, (kernels, a) -> kernels.gateGradient(f, a[1], a[0]));
        INDArray[] plain = {normal(500, 45).muli(4), normal(500, 45)};
        same(plain, (kernels, a) -> kernels.activate(f, a[0], a[1]));
        same(plain, (kernels, a) -> kernels.activationGradient(f, a[1], a[0]));
    }

    @Test
    void crossEntropyAndScores() {
        INDArray logits = normal(300, 61).muli(10);
        int[] targets = random.ints(300, 0, 61).toArray();
        double[] losses = new double[4];
        int[] call = {0};
        same(new INDArray[] {logits}, (kernels, a) -> losses[call[0]++] = kernels.crossEntropy(a[0], targets, 0.37));
        assertThat(losses[1]).isCloseTo(losses[0], within(1e-3)).isEqualTo(losses[2]);

        double[] expected = new double[302];
        double[] actual = new double[302];
        boolean[] expectedGreedy = new boolean[302];
        boolean[] actualGreedy = new boolean[302];
        new Nd4jKernels(DataType.DOUBLE).score(logits, targets, expected, expectedGreedy, 2);
        new HostKernels(2).score(logits.castTo(DataType.FLOAT), targets, actual, actualGreedy, 2);
        assertThat(actual).containsExactly(expected, within(1e-4));
        assertThat(actualGreedy).containsExactly(expectedGreedy).contains(true);
    }

    @Test
    void ofEqualLogitsTheFirstIsGreedy() {
        boolean[] greedy = new boolean[2];
        INDArray logits = Nd4j.createFromArray(new float[][] {{1, 3, 3}, {1, 3, 3}});
        new HostKernels(2).score(logits, new int[] {1, 2}, new double[2], greedy, 0);
        assertThat(greedy).containsExactly(true, false);
    }

    @Test
    void adamW() {
        INDArray[] arrays = {normal(20_000), normal(20_000), normal(20_000), Nd4j.rand(DataType.DOUBLE, 20_000)};
        same(
                arrays,
                (kernels, a) ->
                        kernels.adamW(a[0], a[1], a[2], a[3], 11, 19_000, 1e-2, 0.9, 0.999, 1e-8, 0.1, 3, 0.25));
    }

    @Test
    void sumOfSquares() {
        INDArray vector = normal(50_000);
        double expected = new Nd4jKernels(DataType.DOUBLE).sumOfSquares(vector, 3, 49_000);
        double actual = new HostKernels(2).sumOfSquares(vector.castTo(DataType.FLOAT), 3, 49_000);
        assertThat(actual).isCloseTo(expected, within(1e-2));
    }

    @Test
    void expIsExactToTwoUnitsInTheLastPlace() {
        float worst = 0;
        for (float x = -87; x < 88; x += 0.00137f) {
            float exact = (float) Math.exp(x);
            worst = Math.max(worst, Math.abs(exp(x) - exact) / Math.ulp(exact));
        }
        assertThat(worst).isLessThanOrEqualTo(2);
        assertThat(exp(-1000)).isZero();
        assertThat(exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(exp(Float.NaN)).isNaN();
    }

    private static float exp(float x) {
        float[] value = {x};
        FloatMath.exp(value, 1, 0, new float[1], 1);
        return value[0];
    }

    /** Runs the operation on copies of the arrays in DOUBLE by ND4J and in FLOAT on the host; all must come out the same. */
    private static void same(INDArray[] arrays, BiConsumer<Kernels, INDArray[]> operation) {
        INDArray[] expected = copies(arrays, DataType.DOUBLE);
        operation.accept(new Nd4jKernels(DataType.DOUBLE), expected);
        INDArray[] actual = copies(arrays, DataType.FLOAT);
        operation.accept(new HostKernels(2), actual);
        INDArray[] again = copies(arrays, DataType.FLOAT);
        operation.accept(new HostKernels(2), again);
        for (int i = 0; i < arrays.length; i++) {
            assertThat(largestDifference(actual[i], expected[i]))
                    .as("array %d", i)
                    .isLessThan(2e-4);
            assertThat(Arrays.equals(actual[i].data().asFloat(), again[i].data().asFloat()))
                    .as("array %d has the same bits again", i)
                    .isTrue();
        }
    }

    private static double largestDifference(INDArray actual, INDArray expected) {
        double[] a = actual.data().asDouble();
        double[] b = expected.data().asDouble();
        assertThat(a).hasSameSizeAs(b);
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            largest = Math.max(largest, Math.abs(a[i] - b[i])); // a NaN stays
        }
        return largest;
    }

    private static INDArray[] copies(INDArray[] arrays, DataType type) {
        return Arrays.stream(arrays).map(a -> a.castTo(type).dup('c')).toArray(INDArray[]::new);
    }

    private INDArray normal(int... shape) {
        long length = Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b);
        double[] values = random.doubles(length, -1.7, 1.7).toArray();
        return Nd4j.createFromArray(values).reshape('c', shape);
    }
}
