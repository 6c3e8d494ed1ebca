package dev.sparktune.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sparktune.model.kernel.Activation;
import dev.sparktune.model.kernel.HostKernels;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Nd4jKernels;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A base kept in BFLOAT16 against one in FLOAT with the same, rounded weights: bit for bit. */
class FrozenDecoderTest {
    private static final PackedBatch BATCH = PackedBatch.of(List.of(
            new TokenizedExample(new int[] {3, 10, 4, 1, 12, 7, 7, 0, 9}, 4),
            new TokenizedExample(new int[] {5, 2, 11}, 1)));
    private static final long[] KEYS = {11, 12};

    /** Every kind of weight: RMS and layer norms, norms of heads, biases, learned positions, a head of its own. */
    private enum Form {
        LLAMA(DecoderConfig.llama(13, 10, 7, 2, 4, 2, 6, 12, 1e-5, 100, true)),
        QWEN3(of(NormConfig.Kind.RMS, true, Activation.SILU, true, RotaryConfig.unscaled(100, 6), false)),
        GPT2(of(NormConfig.Kind.LAYER, false, Activation.GELU_TANH, false, null, true)),
        NEOX(of(NormConfig.Kind.LAYER, false, Activation.GELU, false, RotaryConfig.unscaled(100, 4), false));

        private final DecoderConfig config;

        Form(DecoderConfig config) {
            this.config = config;
        }

        private static DecoderConfig of(
                NormConfig.Kind norm,
                boolean headNorms,
                Activation activation,
                boolean gated,
                RotaryConfig rotary,
                boolean tied) {
            return new DecoderConfig(
                    13,
                    12,
                    2,
                    12,
                    new NormConfig(norm, 1e-5),
                    new AttentionConfig(2, 2, 6, true, true, headNorms, List.of()),
                    new MlpConfig(7, activation, gated, true),
                    rotary,
                    rotary != null && !gated,
                    tied);
        }

        Adapter adapter(Decoder base) {
            List<Lora.Module> modules = List.of(
                    new Lora.Module("qkv", List.of("blocks.0.query", "blocks.0.key", "blocks.0.value"), 2, 0.7),
                    new Lora.Module("down", List.of("blocks.1.down"), 3, 1.4));
            Lora lora = new Lora(ParameterLayout.of(config), 0.3, modules);
            Adapter adapter = Adapter.start(lora, base, 3);
            float[] noise = new float[Math.toIntExact(lora.layout().length())];
            Random random = new Random(4);
            for (int i = 0; i < noise.length; i++) {
                noise[i] = random.nextFloat() - 0.5f;
            }
            adapter.parameters().addi(Nd4j.createFromArray(noise));
            return adapter;
        }
    }

    private static Decoder frozen(DecoderConfig config, Kernels kernels) {
        Decoder decoder = new Decoder(config, kernels, DataType.BFLOAT16);
        decoder.initialize(5, 0.4);
        // Norms that are not 1 and biases that are not 0.
        float[] noise = new float[Math.toIntExact(decoder.layout().length())];
        Random random = new Random(6);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = 0.3f * (random.nextFloat() - 0.5f);
        }
        decoder.parameters().addi(Nd4j.createFromArray(noise).castTo(DataType.BFLOAT16));
        return decoder;
    }

    private static Decoder rounded(Decoder frozen, Kernels kernels) {
        Decoder decoder = new Decoder(frozen.config(), kernels);
        decoder.parameters().assign(frozen.parameters().castTo(DataType.FLOAT));
        return decoder;
    }

    @ParameterizedTest
    @EnumSource
    void answersAndGradientsAreThoseOfRoundedFloats(Form form) {
        for (Supplier<Kernels> kernels :
                List.<Supplier<Kernels>>of(HostKernels::new, () -> new Nd4jKernels(DataType.FLOAT))) {
            try (Decoder narrow = frozen(form.config, kernels.get());
                    Decoder wide = rounded(narrow, kernels.get())) {
                assertThat(narrow.parameters().dataType()).isEqualTo(DataType.BFLOAT16);
                assertThat(narrow.logProbs(BATCH)).containsExactly(wide.logProbs(BATCH));
                int[][] ids = {{3, 10, 4}, {5}};
                assertThat(narrow.step(narrow.newCache(2, 8), ids).toFloatMatrix())
                        .isDeepEqualTo(wide.step(wide.newCache(2, 8), ids).toFloatMatrix());

                Decoder tuned = narrow.with(form.adapter(narrow));
                Decoder expected = wide.with(form.adapter(wide));
                assertThat(tuned.forwardBackward(BATCH, KEYS, 1, BlockListener.NONE))
                        .isEqualTo(expected.forwardBackward(BATCH, KEYS, 1, BlockListener.NONE));
                assertThat(expected.gradients().norm2Number().doubleValue()).isGreaterThan(0.1);
                assertThat(tuned.gradients().toFloatVector())
                        .containsExactly(expected.gradients().toFloatVector());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAdapterIsMergedIntoFloatsAndTheBaseStays(Form form) {
        try (Decoder narrow = frozen(form.config, new HostKernels());
                Decoder wide = rounded(narrow, new HostKernels())) {
            float[] before = wide.parameters().toFloatVector();
            Adapter adapter = form.adapter(wide);
            Decoder tuned = narrow.with(form.adapter(narrow));
            adapter.mergeInto(wide);
            int changed = 0;
            for (ParameterLayout.Tensor tensor : narrow.layout().tensors()) {
                INDArray merged = tuned.merged(tensor.offset(), tensor.length());
                int from = (int) tensor.offset();
                for (int i = 0; i < tensor.length(); i++) {
                    float value = merged == null ? before[from + i] : merged.getFloat(i);
                    assertThat(value)
                            .as("%s[%d]", tensor.name(), i)
                            .isEqualTo(wide.parameters().getFloat(from + i));
                }
                changed += merged == null ? 0 : 1;
            }
            assertThat(changed).isEqualTo(4);
            assertThat(narrow.parameters().castTo(DataType.FLOAT).toFloatVector())
                    .containsExactly(before);
            assertThat(narrow.merged(0, 5)).as("without an adapter").isNull();
            assertThatThrownBy(() -> adapter.mergeInto(narrow)).hasMessageContaining("are kept in BFLOAT16");
        }
    }

    @Test
    void itsWeightsAreNotTrained() {
        try (Decoder narrow = Decoder.create(Form.LLAMA.config, DataType.BFLOAT16)) {
            assertThat(narrow.isFrozen()).isTrue();
            assertThatThrownBy(() -> narrow.forwardBackward(BATCH, 1, BlockListener.NONE))
                    .hasMessage("weights that are kept in BFLOAT16 are not trained, only an adapter on them");
            assertThatThrownBy(() -> new Decoder(Form.LLAMA.config, new HostKernels(), DataType.DOUBLE))
                    .hasMessage("kernels in FLOAT compute with no weights in DOUBLE");
        }
    }
}
