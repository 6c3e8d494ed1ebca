package dev.sparktune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.model.kernel.Activation;
import dev.sparktune.model.kernel.Views;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class DecoderTest {
    private static final TokenizedExample LONG = new TokenizedExample(new int[] {3, 10, 4, 1, 12, 7, 7, 0, 9}, 4);
    private static final TokenizedExample SHORT = new TokenizedExample(new int[] {5, 2, 11}, 1);
    private static final TokenizedExample TEXT = new TokenizedExample(new int[] {8, 6, 6, 1}, 0);
    private static final TokenizedExample ONE_TOKEN = new TokenizedExample(new int[] {2}, 1);

    private static DecoderConfig config(boolean tied) {
        return DecoderConfig.llama(13, 10, 7, 2, 4, 2, 6, 12, 1e-5, 100, tied);
    }

    /** Every part in each of its forms. */
    private enum Form {
        TIED(config(true)),
        UNTIED(config(false)),
        // Learned positions, layer norms, biases, a plain MLP.
        GPT2(new DecoderConfig(
                13,
                10,
                2,
                12,
                new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                new AttentionConfig(2, 2, 5, true, true, false, List.of()),
                new MlpConfig(7, Activation.GELU_TANH, false, true),
                null,
                false,
                true)),
        // Half of each head turned, attention and MLP side by side.
        NEOX(new DecoderConfig(
                13,
                12,
                2,
                12,
                new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                new AttentionConfig(2, 2, 6, true, true, false, List.of()),
                new MlpConfig(7, Activation.GELU, false, true),
                RotaryConfig.unscaled(100, 3),
                true,
                false)),
        // Norms over heads, biases, one block with a window, a gated MLP with biases.
        QWEN(new DecoderConfig(
                13,
                10,
                2,
                12,
                new NormConfig(NormConfig.Kind.RMS, 1e-5),
                new AttentionConfig(4, 2, 6, true, false, true, List.of(3, Integer.MAX_VALUE)),
                new MlpConfig(7, Activation.SILU, true, true),
                RotaryConfig.unscaled(100, 6),
                false,
                true));

        private final DecoderConfig config;

        Form(DecoderConfig config) {
            this.config = config;
        }
    }

    private static Decoder decoder(boolean tied, DataType type) {
        return decoder(tied ? Form.TIED : Form.UNTIED, type);
    }

    private static Decoder decoder(Form form, DataType type) {
        Decoder decoder = Decoder.create(form.config, type);
        decoder.initialize(5, 0.4);
        for (ParameterLayout.Tensor tensor : decoder.layout().tensors()) {
            if (tensor.role() == ParameterLayout.Role.BIAS) { // from 0, so that it matters
                Views.vector(decoder.parameters(), tensor.offset(), tensor.length())
                        .addi(0.1);
            }
        }
        return decoder;
    }

    private static PackedBatch batch(TokenizedExample... examples) {
        return PackedBatch.of(List.of(examples));
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferences(Form form) {
        try (Decoder decoder = decoder(form, DataType.DOUBLE)) {
            PackedBatch batch = batch(LONG, SHORT, ONE_TOKEN, TEXT);
            decoder.forwardBackward(batch, 1, BlockListener.NONE);
            Random random = new Random(3);
            for (ParameterLayout.Tensor tensor : decoder.layout().tensors()) {
                // Along one random direction through all of the tensor's elements at once.
                double[] direction = random.doubles(tensor.length(), -1, 1).toArray();
                INDArray values = Views.vector(decoder.parameters(), tensor.offset(), tensor.length());
                INDArray slopes = Views.vector(decoder.gradients(), tensor.offset(), tensor.length());
                INDArray along = Nd4j.createFromArray(direction);
                double step = 1e-5;
                values.addi(along.mul(step));
                double above = loss(decoder, batch);
                values.subi(along.mul(2 * step));
                double below = loss(decoder, batch);
                values.addi(along.mul(step));
                double slope = slopes.mul(along).sumNumber().doubleValue();
                assertThat(slope).as(tensor.name()).isCloseTo((above - below) / (2 * step), within(1e-6));
            }
        }
    }

    @Test
    void closingFreesWhatTheDecoderMadeAndNothingOfOthers() {
        PackedBatch batch = batch(LONG, SHORT);
        Decoder decoder = decoder(Form.QWEN, DataType.FLOAT);
        decoder.forwardBackward(batch, 1, BlockListener.NONE);
        INDArray gradients = decoder.gradients();
        Lora.Module query = new Lora.Module("query", List.of("blocks.0.query"), 2, 1);
        Lora lora = new Lora(decoder.layout(), 0, List.of(query));
        Decoder adapted = decoder.with(Adapter.start(lora, decoder, 7));
        decoder.close();
        assertThat(decoder.parameters().wasClosed()).isTrue();
        assertThat(gradients.wasClosed()).isTrue();
        for (Decoder closed : List.of(decoder, adapted)) {
            assertThatThrownBy(() -> closed.logProbs(batch))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("the decoder, or the base of its adapter, was closed");
        }
        decoder.close();

        try (Decoder base = decoder(Form.QWEN, DataType.FLOAT)) {
            double[] before = base.logProbs(batch);
            Adapter adapter = Adapter.start(lora, base, 7);
            Decoder tuned = base.with(adapter);
            tuned.forwardBackward(batch, 1, BlockListener.NONE);
            tuned.close();
            new Decoder(Form.QWEN.config, base.kernels(), base.parameters()).close();
            assertThat(base.logProbs(batch)).isEqualTo(before);
            assertThat(adapter.parameters().wasClosed()).isFalse();
        }
    }

    private static double loss(Decoder decoder, PackedBatch batch) {
        return -Arrays.stream(decoder.logProbs(batch)).sum();
    }

    @ParameterizedTest
    @EnumSource
    void gradientCheckpointingChangesNoBit(Form form) {
        try (Decoder keeping = decoder(form, DataType.FLOAT);
                Decoder checkpointing = decoder(form, DataType.FLOAT)) {
            checkpointing.useGradientCheckpointing();
            for (PackedBatch batch : List.of(batch(SHORT), batch(LONG, SHORT, ONE_TOKEN, TEXT), batch(TEXT, SHORT))) {
                assertThat(checkpointing.forwardBackward(batch, 0.5, BlockListener.NONE))
                        .isEqualTo(keeping.forwardBackward(batch, 0.5, BlockListener.NONE));
                assertThat(checkpointing.gradients().toFloatVector())
                        .containsExactly(keeping.gradients().toFloatVector());
                checkpointing.logProbs(batch(LONG)); // an evaluation in between
            }
        }
    }

    @Test
    void gradientCheckpointingIsChosenBeforeTraining() {
        try (Decoder decoder = decoder(true, DataType.FLOAT)) {
            decoder.gradients();
            assertThatThrownBy(decoder::useGradientCheckpointing)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("gradient checkpointing must be chosen before the first gradient");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aPackedBatchGivesWhatItsExamplesGiveAlone(Form form) {
        try (Decoder together = decoder(form, DataType.FLOAT);
                Decoder alone = decoder(form, DataType.FLOAT)) {
            double sum = 0;
            List<Double> logProbs = new ArrayList<>();
            for (TokenizedExample example : List.of(LONG, SHORT, ONE_TOKEN, TEXT)) {
                sum += alone.forwardBackward(batch(example), 0.5, BlockListener.NONE);
                Arrays.stream(alone.logProbs(batch(example))).forEach(logProbs::add);
            }
            PackedBatch packed = batch(LONG, SHORT, ONE_TOKEN, TEXT);
            assertThat(together.forwardBackward(packed, 0.5, BlockListener.NONE))
                    .isCloseTo(sum, within(2e-5));
            assertThat(together.logProbs(packed))
                    .containsExactly(logProbs.stream().mapToDouble(d -> d).toArray(), within(1e-5));
            assertThat(together.gradients().sub(alone.gradients()).amaxNumber().doubleValue())
                    .isLessThan(1e-6 * alone.gradients().norm2Number().doubleValue());
        }
    }

    @Test
    void aTokenChangesNothingBeforeIt() {
        try (Decoder decoder = decoder(false, DataType.FLOAT)) {
            int[] ids = {3, 10, 4, 1, 12, 7};
            int[] changed = {3, 10, 4, 1, 5, 7};
            INDArray before =
                    decoder.logits(batch(new TokenizedExample(ids, 0))).dup('c');
            INDArray after = decoder.logits(batch(new TokenizedExample(changed, 0)));
            for (int i = 0; i < 5; i++) {
                boolean same = Arrays.equals(
                        before.getRow(i).toFloatVector(), after.getRow(i).toFloatVector());
                assertThat(same).as("row %d", i).isEqualTo(i < 4);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void floatIsCloseToDouble(Form form) {
        try (Decoder single = decoder(form, DataType.FLOAT);
                Decoder twice = decoder(form, DataType.DOUBLE)) {
            PackedBatch batch = batch(LONG, SHORT, TEXT);
            double loss = single.forwardBackward(batch, 1, BlockListener.NONE);
            assertThat(loss).isCloseTo(twice.forwardBackward(batch, 1, BlockListener.NONE), within(1e-4));
            INDArray difference = single.gradients().castTo(DataType.DOUBLE).sub(twice.gradients());
            assertThat(difference.norm2Number().doubleValue())
                    .isLessThan(1e-5 * twice.gradients().norm2Number().doubleValue());
        }
    }

    @Test
    void theSameCallGivesTheSameBitsWhateverCameBefore() {
        try (Decoder fresh = decoder(true, DataType.FLOAT);
                Decoder used = decoder(true, DataType.FLOAT)) {
            used.forwardBackward(batch(TEXT, LONG, LONG, SHORT), 3, BlockListener.NONE);
            used.logits(batch(LONG));
            used.zeroGradients();
            PackedBatch batch = batch(LONG, SHORT);
            double loss = fresh.forwardBackward(batch, 1, BlockListener.NONE);
            assertThat(used.forwardBackward(batch, 1, BlockListener.NONE)).isEqualTo(loss);
            assertThat(used.gradients().toFloatVector())
                    .containsExactly(fresh.gradients().toFloatVector());
        }
    }

    @Test
    void gradientsAddUpAndScale() {
        try (Decoder decoder = decoder(true, DataType.DOUBLE)) {
            decoder.forwardBackward(batch(LONG), 1, BlockListener.NONE);
            INDArray once = decoder.gradients().dup();
            decoder.forwardBackward(batch(LONG), 2, BlockListener.NONE);
            assertThat(decoder.gradients().sub(once.mul(3)).amaxNumber().doubleValue())
                    .isLessThan(1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slicesAreAnnouncedOnceAndChangeNoMore(boolean tied) {
        try (Decoder decoder = decoder(tied, DataType.DOUBLE)) {
            List<long[]> slices = new ArrayList<>();
            INDArray seen = decoder.gradients().dup();
            decoder.forwardBackward(batch(LONG), 1, (from, to) -> {
                slices.add(new long[] {from, to});
                for (long i = from; i < to; i++) {
                    seen.putScalar(i, decoder.gradients().getDouble(i));
                }
            });
            assertThat(seen).isEqualTo(decoder.gradients());
            List<long[]> blocks = decoder.layout().blocks();
            String order = slices.stream().map(Arrays::toString).collect(Collectors.joining(" "));
            assertThat(order)
                    .isEqualTo(Arrays.toString(new long[] {
                                blocks.get(1)[1], decoder.layout().length()
                            })
                            + " " + Arrays.toString(blocks.get(1)) + " " + Arrays.toString(blocks.get(0))
                            + " " + Arrays.toString(new long[] {0, blocks.get(0)[0]}));
        }
    }

    @Test
    void aBatchWithoutTargetsHasNoLossButAnnouncesItsSlices() {
        try (Decoder decoder = decoder(true, DataType.FLOAT)) {
            List<Long> ends = new ArrayList<>();
            assertThat(decoder.forwardBackward(batch(ONE_TOKEN), 1, (from, to) -> ends.add(to)))
                    .isZero();
            assertThat(ends).hasSize(4);
            assertThat(decoder.gradients().amaxNumber().doubleValue()).isZero();
            assertThat(decoder.logProbs(batch(ONE_TOKEN))).isEmpty();
        }
    }

    @Test
    void greedyMeansThatNoTokenIsMoreLikely() {
        try (Decoder decoder = decoder(true, DataType.FLOAT)) {
            PackedBatch batch = batch(LONG, TEXT);
            INDArray logits = decoder.logits(batch).dup('c');
            TargetScores scores = decoder.score(batch);
            for (int i = 0; i < batch.targets().length; i++) {
                int best = logits.getRow(i).argMax().getInt(0);
                assertThat(scores.greedy()[i]).isEqualTo(best == batch.targets()[i]);
                assertThat(scores.logProbs()[i]).isNegative();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void stepsOverACacheGiveWhatTheWholeSequencesGive(Form form) {
        int[] a = {3, 10, 4, 1, 12, 7, 7, 0, 9, 2, 11};
        int[] b = {5, 2, 11, 8};
        try (Decoder decoder = decoder(form, DataType.FLOAT)) {
            KvCache cache = decoder.newCache(2, 12);
            decoder.step(cache, new int[][] {Arrays.copyOf(a, 7), Arrays.copyOf(b, 1)});
            decoder.step(cache, new int[][] {{a[7]}, {b[1], b[2]}});
            INDArray logits =
                    decoder.step(cache, new int[][] {{a[8], a[9]}, {b[3]}}).dup('c');
            assertThat(cache.length(0)).isEqualTo(10);
            assertThat(difference(logits.getRow(0), last(decoder, Arrays.copyOf(a, 10))))
                    .isLessThan(1e-5);
            assertThat(difference(logits.getRow(1), last(decoder, b))).isLessThan(1e-5);

            INDArray onlyFirst = decoder.step(cache, new int[][] {{a[10]}, {}}).dup('c');
            assertThat(difference(onlyFirst.getRow(0), last(decoder, a))).isLessThan(1e-5);
            cache.truncate(0, 3);
            INDArray again = decoder.step(cache, new int[][] {Arrays.copyOfRange(a, 3, 10), {}})
                    .dup('c');
            assertThat(difference(again.getRow(0), logits.getRow(0))).isLessThan(1e-5);
        }
    }

    /** Logits at the last token of the sequence, by a whole forward pass. */
    private static INDArray last(Decoder decoder, int[] ids) {
        int end = ids.length;
        return decoder.logits(new PackedBatch(ids, new int[] {0, end}, new int[] {end - 1}, new int[] {0}))
                .getRow(0)
                .dup('c');
    }

    private static double difference(INDArray x, INDArray y) {
        return x.sub(y).amaxNumber().doubleValue();
    }

    @Test
    void randomStartsDependOnTheSeedAlone() {
        try (Decoder decoder =
                Decoder.create(DecoderConfig.llama(100, 64, 64, 1, 4, 4, 16, 8, 1e-5, 1e4, true), DataType.FLOAT)) {
            decoder.initialize(1, 0.02);
            INDArray first = decoder.parameters().dup();
            ParameterLayout.Tensor tensor = decoder.layout().tensor("blocks.0.up.weight");
            INDArray matrix = Views.vector(first, tensor.offset(), tensor.length());
            assertThat(matrix.meanNumber().doubleValue()).isCloseTo(0, within(0.001));
            assertThat(matrix.stdNumber().doubleValue()).isCloseTo(0.02, within(0.001));
            assertThat(first.getDouble(
                            decoder.layout().tensor("final_norm.weight").offset()))
                    .isEqualTo(1);
            decoder.initialize(1, 0.02);
            assertThat(decoder.parameters()).isEqualTo(first);
            decoder.initialize(2, 0.02);
            assertThat(decoder.parameters()).isNotEqualTo(first);
        }
    }

    @Test
    void whatDoesNotFitIsRefusedByName() {
        try (Decoder decoder = decoder(true, DataType.FLOAT)) {
            assertThatThrownBy(() -> decoder.logProbs(batch(SHORT, new TokenizedExample(new int[13], 1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "example 1 of the batch has 13 tokens, but there is room for 12 (max_position_embeddings)");
            assertThatThrownBy(() -> decoder.logProbs(batch(new TokenizedExample(new int[] {1, 13}, 1))))
                    .hasMessage("id 13 is not in the model's vocabulary of 13");
            assertThatThrownBy(() -> decoder.newCache(1, 13))
                    .hasMessageContaining("13 tokens")
                    .hasMessageContaining("12 (max_position_embeddings)");
            KvCache cache = decoder.newCache(1, 2);
            assertThatThrownBy(() -> decoder.step(cache, new int[][] {{1, 2, 3}}))
                    .hasMessage("sequence 0 would have 3 tokens, but the cache has room for 2");
            assertThatThrownBy(() -> decoder.step(cache, new int[][] {{1}, {1}}))
                    .hasMessage("new tokens for 2 sequences, but the cache holds 1");
            assertThatThrownBy(() -> decoder.initialize(1, Double.NaN)).hasMessageContaining("initializer_range");
            assertThatThrownBy(() -> Decoder.create(config(true), DataType.INT))
                    .hasMessage("the decoder computes in FLOAT or DOUBLE, not in INT");
        }
    }
}
