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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** That {@link PeftMethod} is wide enough for more than LoRA: one class each for {@link PromptTuning} and {@link AdapterLayers}. */
class OtherPeftMethodsTest {
    private static final int HIDDEN = 10;
    private static final int BLOCKS = 3;
    private static final List<TokenizedExample> EXAMPLES = List.of(
            new TokenizedExample(new int[] {3, 10, 4, 1, 12, 7, 7, 0}, 4),
            new TokenizedExample(new int[] {5, 2, 11}, 1),
            new TokenizedExample(new int[] {8, 6, 6, 1}, 0));
    private static final PackedBatch BATCH = PackedBatch.of(EXAMPLES);

    /** Rotary positions and learned ones. */
    private static final List<DecoderConfig> CONFIGS = List.of(
            DecoderConfig.llama(13, HIDDEN, 7, BLOCKS, 4, 2, 6, 12, 1e-5, 100, true),
            new DecoderConfig(
                    13,
                    HIDDEN,
                    BLOCKS,
                    12,
                    new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                    new AttentionConfig(2, 2, 5, true, true, false, List.of()),
                    new MlpConfig(7, Activation.GELU, false, true),
                    null,
                    false,
                    true));

    private record Case(DecoderConfig config, PeftMethod method) {
        Decoder base(DataType type) {
            Decoder decoder = Decoder.create(config, type);
            decoder.initialize(5, 0.4);
            return decoder;
        }
    }

    static Stream<Case> cases() {
        return CONFIGS.stream()
                .flatMap(config -> Stream.of(new PromptTuning(3, HIDDEN, BLOCKS), new AdapterLayers(2, HIDDEN, BLOCKS))
                        .map(method -> new Case(config, method)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gradientsAreThoseOfFiniteDifferences(Case some) {
        try (Decoder base = some.base(DataType.DOUBLE)) {
            Adapter adapter = Adapter.start(some.method(), base, 3);
            Decoder decoder = base.with(adapter);
            decoder.forwardBackward(BATCH, 1, BlockListener.NONE);
            INDArray gradients = decoder.gradients().dup();
            Random random = new Random(3);
            double step = 1e-5;
            for (ParameterLayout.Tensor tensor : decoder.trainedLayout().tensors()) {
                INDArray values = Views.vector(adapter.parameters(), tensor.offset(), tensor.length());
                INDArray along = Nd4j.createFromArray(
                        random.doubles(tensor.length(), -1, 1).toArray());
                values.addi(along.mul(step));
                double above = decoder.forwardBackward(BATCH, 0, BlockListener.NONE);
                values.subi(along.mul(2 * step));
                double below = decoder.forwardBackward(BATCH, 0, BlockListener.NONE);
                values.addi(along.mul(step));
                double slope = Views.vector(gradients, tensor.offset(), tensor.length())
                        .mul(along)
                        .sumNumber()
                        .doubleValue();
                assertThat(slope)
                        .as(tensor.name())
                        .isCloseTo((above - below) / (2 * step), within(1e-6 * Math.max(1, Math.abs(slope))));
                assertThat(slope).as(tensor.name()).isNotZero();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void checkpointedOrNotInFloatTheGradientIsTheSame(Case some) {
        try (Decoder base = some.base(DataType.FLOAT);
                Decoder exact = some.base(DataType.DOUBLE)) {
            Decoder keeping = base.with(Adapter.start(some.method(), base, 3));
            Decoder checkpointing = base.with(Adapter.start(some.method(), base, 3));
            checkpointing.useGradientCheckpointing();
            Decoder plain = exact.with(Adapter.start(some.method(), exact, 3));
            plain.forwardBackward(BATCH, 1, BlockListener.NONE);
            double loss = keeping.forwardBackward(BATCH, 1, BlockListener.NONE);
            assertThat(checkpointing.forwardBackward(BATCH, 1, BlockListener.NONE))
                    .isEqualTo(loss);
            assertThat(checkpointing.gradients().toFloatVector())
                    .containsExactly(keeping.gradients().toFloatVector());
            assertThat(keeping.gradients()
                            .castTo(DataType.DOUBLE)
                            .sub(plain.gradients())
                            .norm2Number()
                            .doubleValue())
                    .isLessThan(1e-5 * plain.gradients().norm2Number().doubleValue());
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void eachSliceIsAnnouncedOnce(Case some) {
        try (Decoder base = some.base(DataType.FLOAT)) {
            Decoder decoder = base.with(Adapter.start(some.method(), base, 3));
            List<long[]> slices = new ArrayList<>();
            decoder.forwardBackward(BATCH, 1, (from, to) -> slices.add(new long[] {from, to}));
            long end = some.method().layout().length();
            for (long[] slice : slices) {
                assertThat(slice[1]).isEqualTo(end);
                end = slice[0];
            }
            assertThat(end).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void tokensReadOneByOneGiveTheLogitsOfAWholePass(Case some) {
        try (Decoder base = some.base(DataType.FLOAT)) {
            Decoder decoder = base.with(Adapter.start(some.method(), base, 3));
            int[] ids = EXAMPLES.get(0).ids();
            double[][] whole = decoder.logits(PackedBatch.of(List.of(new TokenizedExample(ids, 1))))
                    .toDoubleMatrix();
            int[] other = {1, 2};
            try (KvCache cache = decoder.newCache(2, ids.length)) {
                for (int round = 0; round < 2; round++) {
                    double[] first = decoder.step(cache, new int[][] {Arrays.copyOf(ids, 3), {}})
                            .toDoubleMatrix()[0];
                    assertThat(first).containsExactly(whole[2], within(1e-5));
                    for (int i = 3; i < ids.length - 1; i++) {
                        // The other sequence begins while this one goes on.
                        int[][] next = {{ids[i]}, i == 4 ? other : new int[0]};
                        assertThat(decoder.step(cache, next).toDoubleMatrix()[0])
                                .containsExactly(whole[i], within(1e-5));
                    }
                    cache.truncate(0, 0);
                    cache.truncate(1, 0);
                }
            }
        }
    }

    @Test
    void aPromptOfEmbeddingsOfTokensIsThoseTokens() {
        for (DecoderConfig config : CONFIGS) {
            PromptTuning method = new PromptTuning(3, HIDDEN, BLOCKS);
            try (Decoder base = new Case(config, method).base(DataType.DOUBLE)) {
                int[] prompt = {7, 0, 9};
                Adapter adapter = Adapter.zeros(method, base);
                INDArray embedding = new TensorViews(base.parameters(), base.layout()).matrix("embedding.weight");
                for (int i = 0; i < prompt.length; i++) {
                    Views.matrix(adapter.parameters(), (long) i * HIDDEN, 1, HIDDEN)
                            .assign(Views.rows(embedding, prompt[i], 1));
                }
                List<TokenizedExample> longer = EXAMPLES.stream()
                        .map(example -> new TokenizedExample(
                                IntStream.concat(Arrays.stream(prompt), Arrays.stream(example.ids()))
                                        .toArray(),
                                prompt.length + Math.max(1, example.promptLength())))
                        .toList();
                assertThat(base.with(adapter).logProbs(BATCH))
                        .containsExactly(base.logProbs(PackedBatch.of(longer)), within(1e-12));
            }
        }
    }

    @Test
    void aPromptTakesItsRoomAndIsNotMerged() {
        PromptTuning method = new PromptTuning(3, HIDDEN, BLOCKS);
        try (Decoder base = new Case(CONFIGS.get(0), method).base(DataType.FLOAT)) {
            Adapter adapter = Adapter.start(method, base, 3);
            Decoder decoder = base.with(adapter);
            assertThat(decoder.maxTokens()).isEqualTo(9);
            PackedBatch tooLong = PackedBatch.of(List.of(new TokenizedExample(new int[10], 1)));
            assertThatThrownBy(() -> decoder.logProbs(tooLong))
                    .hasMessage(
                            "example 0 of the batch has 10 tokens, but there is room for 9 (max_position_embeddings)");
            assertThatThrownBy(() -> decoder.newCache(1, 10)).hasMessageContaining("within 1 and 9 (max_position");
            assertThatThrownBy(() -> adapter.mergeInto(base))
                    .hasMessage("an adapter by PromptTuning cannot be merged into its base: keep it beside it");
            assertThatThrownBy(() -> decoder.merged(0, 10)).hasMessageContaining("cannot be merged");
            Adapter noRoom = Adapter.start(new PromptTuning(12, HIDDEN, BLOCKS), base, 3);
            assertThatThrownBy(() -> base.with(noRoom))
                    .hasMessage(
                            "12 prompt tokens leave no place for others in a model with max_position_embeddings 12");
        }
    }
}
