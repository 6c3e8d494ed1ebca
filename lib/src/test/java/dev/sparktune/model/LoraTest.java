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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LoraTest {
    private static final TokenizedExample LONG = new TokenizedExample(new int[] {3, 10, 4, 1, 12, 7, 7, 0, 9}, 4);
    private static final TokenizedExample SHORT = new TokenizedExample(new int[] {5, 2, 11}, 1);
    private static final TokenizedExample TEXT = new TokenizedExample(new int[] {8, 6, 6, 1}, 0);
    private static final List<TokenizedExample> EXAMPLES = List.of(LONG, SHORT, TEXT);
    private static final long[] KEYS = {11, 12, 13};

    /** Bases, and which of their maps each module of a block has. */
    private enum Form {
        /** Each map a module of its own, also those that the decoder takes together. */
        LLAMA(
                DecoderConfig.llama(13, 10, 7, 3, 4, 2, 6, 12, 1e-5, 100, true),
                List.of("query"),
                List.of("key"),
                List.of("value"),
                List.of("attention_output"),
                List.of("gate"),
                List.of("up"),
                List.of("down")),
        /** Of two that are taken together only the second. */
        SECOND(DecoderConfig.llama(13, 10, 7, 3, 4, 2, 6, 12, 1e-5, 100, false), List.of("value"), List.of("up")),
        /** A rank as large as what its map reads, so that intermediate matrices are of one shape. */
        FULL_RANK(DecoderConfig.llama(13, 4, 3, 3, 2, 1, 2, 12, 1e-5, 100, true), List.of("query"), List.of("down")),
        /** One A for queries, keys and values. */
        FUSED(
                new DecoderConfig(
                        13,
                        12,
                        3,
                        12,
                        new NormConfig(NormConfig.Kind.LAYER, 1e-5),
                        new AttentionConfig(2, 2, 6, true, true, false, List.of()),
                        new MlpConfig(7, Activation.GELU, false, true),
                        RotaryConfig.unscaled(100, 3),
                        true,
                        false),
                List.of("query", "key", "value"),
                List.of("down"));

        private final DecoderConfig config;
        private final List<List<String>> modules;

        @SafeVarargs
        Form(DecoderConfig config, List<String>... modules) {
            this.config = config;
            this.modules = List.of(modules);
        }

        Lora lora(double dropout, int... blocks) {
            List<Lora.Module> all = new ArrayList<>();
            for (int block : blocks) {
                String prefix = "blocks." + block + ".";
                for (int m = 0; m < modules.size(); m++) {
                    List<String> names =
                            modules.get(m).stream().map(map -> prefix + map).toList();
                    int r = this == FULL_RANK ? 4 - m : 1 + (block + m) % 3;
                    all.add(new Lora.Module("m" + block + "." + m, names, r, 0.7));
                }
            }
            return new Lora(ParameterLayout.of(config), dropout, all);
        }

        Decoder base(DataType type) {
            Decoder decoder = Decoder.create(config, type);
            decoder.initialize(5, 0.4);
            return decoder;
        }
    }

    /** Its start, and then B's that are not 0. */
    private static Adapter adapter(Lora lora, Decoder base) {
        Adapter adapter = Adapter.start(lora, base, 3);
        double[] noise =
                new Random(4).doubles(lora.layout().length(), -0.3, 0.3).toArray();
        adapter.parameters()
                .addi(Nd4j.createFromArray(noise).castTo(base.kernels().dataType()));
        return adapter;
    }

    @ParameterizedTest
    @EnumSource
    void gradientsAreThoseOfFiniteDifferencesWithTheSameCoins(Form form) {
        for (double dropout : new double[] {0, 0.4}) {
            try (Decoder base = form.base(DataType.DOUBLE)) {
                Adapter adapter = adapter(form.lora(dropout, 0, 1, 2), base);
                Decoder decoder = base.with(adapter);
                decoder.forwardBackward(PackedBatch.of(EXAMPLES), KEYS, 1, BlockListener.NONE);
                INDArray gradients = decoder.gradients().dup();
                Random random = new Random(3);
                for (ParameterLayout.Tensor tensor : decoder.trainedLayout().tensors()) {
                    INDArray values = Views.vector(adapter.parameters(), tensor.offset(), tensor.length());
                    INDArray along = Nd4j.createFromArray(
                            random.doubles(tensor.length(), -1, 1).toArray());
                    double step = 1e-5;
                    values.addi(along.mul(step));
                    double above = loss(decoder);
                    values.subi(along.mul(2 * step));
                    double below = loss(decoder);
                    values.addi(along.mul(step));
                    INDArray slopes = Views.vector(gradients, tensor.offset(), tensor.length());
                    assertThat(slopes.mul(along).sumNumber().doubleValue())
                            .as("%s, dropout %s", tensor.name(), dropout)
                            .isCloseTo((above - below) / (2 * step), within(1e-6));
                }
            }
        }
    }

    private static double loss(Decoder decoder) {
        return decoder.forwardBackward(PackedBatch.of(EXAMPLES), KEYS, 0, BlockListener.NONE);
    }

    @ParameterizedTest
    @EnumSource
    void theFastKernelsAgreeWithThePlainOnes(Form form) {
        try (Decoder fast = form.base(DataType.FLOAT);
                Decoder plain = form.base(DataType.DOUBLE)) {
            Lora lora = form.lora(0.4, 0, 1, 2);
            Decoder single = fast.with(adapter(lora, fast));
            Decoder twice = plain.with(adapter(lora, plain));
            PackedBatch batch = PackedBatch.of(EXAMPLES);
            assertThat(single.forwardBackward(batch, KEYS, 1, BlockListener.NONE))
                    .isCloseTo(twice.forwardBackward(batch, KEYS, 1, BlockListener.NONE), within(1e-4));
            INDArray difference = single.gradients().castTo(DataType.DOUBLE).sub(twice.gradients());
            assertThat(difference.norm2Number().doubleValue())
                    .isLessThan(1e-5 * twice.gradients().norm2Number().doubleValue());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anExampleDropsTheSameWhateverItIsPackedWith(Form form) {
        try (Decoder base = form.base(DataType.DOUBLE)) {
            Lora lora = form.lora(0.5, 0, 1, 2);
            Decoder together = base.with(adapter(lora, base));
            Decoder alone = base.with(adapter(lora, base));
            double sum = 0;
            for (int e = 0; e < EXAMPLES.size(); e++) {
                PackedBatch one = PackedBatch.of(List.of(EXAMPLES.get(e)));
                sum += alone.forwardBackward(one, new long[] {KEYS[e]}, 1, BlockListener.NONE);
            }
            assertThat(together.forwardBackward(PackedBatch.of(EXAMPLES), KEYS, 1, BlockListener.NONE))
                    .isCloseTo(sum, within(1e-10));
            assertThat(together.gradients().sub(alone.gradients()).amaxNumber().doubleValue())
                    .isLessThan(1e-10);
            double other =
                    together.forwardBackward(PackedBatch.of(EXAMPLES), new long[] {1, 2, 3}, 1, BlockListener.NONE);
            assertThat(other).as("with other keys").isNotCloseTo(sum, within(1e-3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void gradientCheckpointingGivesTheSameBits(Form form) {
        try (Decoder base = form.base(DataType.FLOAT)) {
            Lora lora = form.lora(0.4, 1, 2);
            Decoder keeping = base.with(adapter(lora, base));
            Decoder checkpointing = base.with(adapter(lora, base));
            checkpointing.useGradientCheckpointing();
            for (List<TokenizedExample> some : List.of(EXAMPLES, List.of(LONG, SHORT))) {
                double loss = keeping.forwardBackward(PackedBatch.of(some), KEYS, 1, BlockListener.NONE);
                assertThat(checkpointing.forwardBackward(PackedBatch.of(some), KEYS, 1, BlockListener.NONE))
                        .isEqualTo(loss);
            }
            assertThat(checkpointing.gradients().toFloatVector())
                    .containsExactly(keeping.gradients().toFloatVector());
        }
    }

    @ParameterizedTest
    @EnumSource
    void mergedItIsTheSameModel(Form form) {
        try (Decoder base = form.base(DataType.DOUBLE)) {
            Adapter adapter = adapter(form.lora(0.5, 0, 1, 2), base);
            PackedBatch batch = PackedBatch.of(EXAMPLES);
            double[] untuned = base.logProbs(batch);
            double[] tuned = base.with(adapter).logProbs(batch);
            adapter.mergeInto(base);
            assertThat(base.logProbs(batch)).containsExactly(tuned, within(1e-10));
            assertThat(tuned[0]).isNotCloseTo(untuned[0], within(1e-3));
        }
    }

    @Test
    void theBaseStaysAsItIsAndAtItsStartTheAdapterDoesNothing() {
        try (Decoder base = Form.LLAMA.base(DataType.FLOAT)) {
            float[] before = base.parameters().toFloatVector();
            PackedBatch batch = PackedBatch.of(EXAMPLES);
            double[] untuned = base.logProbs(batch);
            Decoder decoder = base.with(Adapter.start(Form.LLAMA.lora(0.1, 0, 1, 2), base, 3));
            decoder.forwardBackward(batch, KEYS, 1, BlockListener.NONE);
            assertThat(decoder.logProbs(batch)).containsExactly(untuned);
            assertThat(base.parameters().toFloatVector()).containsExactly(before);
        }
    }

    @Test
    void severalAdaptersShareOneBase() {
        try (Decoder base = Form.LLAMA.base(DataType.FLOAT)) {
            PackedBatch batch = PackedBatch.of(EXAMPLES);
            Decoder one = base.with(adapter(Form.LLAMA.lora(0, 0), base));
            Decoder other = base.with(adapter(Form.LLAMA.lora(0, 2), base));
            double[] first = one.logProbs(batch);
            double[] second = other.logProbs(batch);
            assertThat(first[0]).isNotCloseTo(second[0], within(1e-4));
            assertThat(one.logProbs(batch)).containsExactly(first);
            assertThat(one.parameters()).isSameAs(base.parameters());
            assertThatThrownBy(() -> one.with(adapter(Form.LLAMA.lora(0, 1), base)))
                    .hasMessageContaining("has an adapter already");
        }
    }

    @Test
    void nothingIsComputedBelowTheLowestAdapter() {
        try (Decoder base = Form.LLAMA.base(DataType.DOUBLE)) {
            Lora upper = Form.LLAMA.lora(0, 1, 2);
            Decoder decoder = base.with(adapter(upper, base));
            List<long[]> slices = new ArrayList<>();
            decoder.forwardBackward(PackedBatch.of(EXAMPLES), 1, (from, to) -> slices.add(new long[] {from, to}));
            List<long[]> blocks = upper.layout().blocks();
            assertThat(blocks.get(0)).containsExactly(0, 0);
            assertThat(slices.stream().map(Arrays::toString))
                    .containsExactly(Arrays.toString(blocks.get(2)), Arrays.toString(blocks.get(1)));
            assertThat(blocks.get(2)[1]).isEqualTo(upper.layout().length());

            Lora lora = Form.LLAMA.lora(0, 0, 1, 2);
            long above = lora.layout().blocks().get(1)[0];
            Adapter onAll = Adapter.zeros(lora, base); // a B of 0 does nothing in block 0
            Views.vector(onAll.parameters(), above, upper.layout().length()).assign(decoder.trainedParameters());
            Decoder whole = base.with(onAll);
            whole.forwardBackward(PackedBatch.of(EXAMPLES), 1, BlockListener.NONE);
            assertThat(Views.vector(whole.gradients(), above, upper.layout().length())
                            .toDoubleVector())
                    .containsExactly(decoder.gradients().toDoubleVector());
        }
    }

    @Test
    void theStartIsThatOfPeft() {
        try (Decoder base = Form.LLAMA.base(DataType.FLOAT)) {
            Lora lora = new Lora(
                    ParameterLayout.of(Form.LLAMA.config),
                    0,
                    List.of(new Lora.Module("m", List.of("blocks.1.down"), 300, 2)));
            Adapter adapter = Adapter.start(lora, base, 3);
            INDArray a = new TensorViews(adapter.parameters(), lora.layout()).matrix("m.lora_A.weight");
            double bound = 1 / Math.sqrt(7); // in: 7
            assertThat(a.shape()).containsExactly(300, 7);
            assertThat(a.maxNumber().doubleValue()).isBetween(0.98 * bound, bound);
            assertThat(a.minNumber().doubleValue()).isBetween(-bound, -0.98 * bound);
            assertThat(a.meanNumber().doubleValue()).isCloseTo(0, within(0.02));
            assertThat(new TensorViews(adapter.parameters(), lora.layout())
                            .matrix("m.lora_B.weight")
                            .amaxNumber()
                            .doubleValue())
                    .isZero();
            assertThat(Adapter.start(lora, base, 4).parameters()).isNotEqualTo(adapter.parameters());
        }
    }

    @Test
    void whatCannotBeIsRefused() {
        ParameterLayout base = ParameterLayout.of(Form.LLAMA.config);
        Lora.Module module = new Lora.Module("q", List.of("blocks.0.query"), 2, 1);
        assertThatThrownBy(() -> new Lora(base, 1, List.of(module)))
                .hasMessage("lora dropout must be in [0, 1), but is 1.0");
        assertThatThrownBy(() -> new Lora(base, 0, List.of())).hasMessage("lora needs at least one module");
        assertThatThrownBy(() -> new Lora(base, 0, List.of(module, module)))
                .hasMessage("blocks.0.query is in two modules, q is the second");
        assertThatThrownBy(() -> new Lora.Module("q", List.of("blocks.0.query"), 0, 1))
                .hasMessage("lora r of q must be at least 1, but is 0");
        assertThatThrownBy(() -> new Lora(base, 0, List.of(new Lora.Module("e", List.of("embedding"), 2, 1))))
                .hasMessage("these modules are of no block: [e]");
    }
}
