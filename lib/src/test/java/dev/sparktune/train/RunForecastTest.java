package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.model.Adapter;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.Lora;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.PeftMethod;
import dev.sparktune.model.kernel.HostKernels;
import dev.sparktune.token.ExampleLengths;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;

class RunForecastTest {
    private static final DecoderConfig CONFIG = DecoderConfig.llama(600, 96, 256, 6, 4, 2, 24, 128, 1e-5, 10000, true);

    @TempDir
    private Path directory;

    private TokenShards train;
    private TokenShards validation;

    @BeforeEach
    void shards() {
        TinyRun files = new TinyRun(directory);
        train = files.shards("long.tokens", examples(80, 1));
        validation = files.shards("other.tokens", examples(20, 2));
    }

    private static List<TokenizedExample> examples(int count, long seed) {
        Random random = new Random(seed);
        List<TokenizedExample> examples = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            int[] ids =
                    random.ints(20 + random.nextInt(100), 0, CONFIG.vocabSize()).toArray();
            examples.add(new TokenizedExample(ids, ids.length - 1 - random.nextInt(18)));
        }
        return examples;
    }

    private static Lora lora(int firstBlock) {
        List<Lora.Module> modules = new ArrayList<>();
        for (int block = firstBlock; block < CONFIG.numHiddenLayers(); block++) {
            for (String map : List.of("query", "key", "value", "attention_output", "gate", "up", "down")) {
                String name = ParameterLayout.block(block) + map;
                modules.add(new Lora.Module(name, List.of(name), 16, 2));
            }
        }
        return new Lora(ParameterLayout.of(CONFIG), 0.1, modules);
    }

    private static TrainOptions options() {
        return new TrainOptions(
                1,
                0,
                16,
                8,
                1e-3,
                LearningRateSchedule.Type.CONSTANT,
                0,
                0,
                0,
                0.9,
                0.999,
                1e-8,
                1,
                10,
                2,
                100,
                1,
                EarlyStopping.NEVER,
                3);
    }

    @ParameterizedTest
    @CsvSource({
        "full, false, FLOAT",
        "full, true, FLOAT",
        "lora, false, FLOAT",
        "lora, true, FLOAT",
        "lora of the last blocks, false, FLOAT",
        "lora, true, BFLOAT16"
    })
    void theMemoryOfARunIsKnownBeforeIt(String what, boolean checkpointing, DataType type) throws Exception {
        PeftMethod method = what.equals("full") ? null : lora(what.equals("lora") ? 0 : 4);
        RunForecast forecast;
        long widening = 0; // the kernels' own: of the embedding's size, which here is the largest tensor's
        try (HostKernels kernels = new HostKernels()) {
            if (type == DataType.BFLOAT16) {
                widening = kernels.wideningBytes((long) CONFIG.vocabSize() * CONFIG.hiddenSize());
            }
            forecast = RunForecast.of(CONFIG, kernels, type, method, options(), 1, checkpointing, train, validation);
        }
        MeasuredMemory measured = new MeasuredMemory();
        Trainer.Result result;
        try (Decoder base = new Decoder(CONFIG, measured.kernels(), type)) {
            base.initialize(1, 0.02);
            Decoder decoder = method == null ? base : base.with(Adapter.start(method, base, 1));
            if (checkpointing) {
                decoder.useGradientCheckpointing();
            }
            Checkpoints checkpoints = new Checkpoints(
                    new TinyRun(directory).fs(),
                    new org.apache.hadoop.fs.Path(directory + "/checkpoints"),
                    1,
                    Exchange.ALONE);
            result = new Trainer(
                            decoder,
                            train,
                            validation,
                            options(),
                            checkpoints,
                            Evaluation.Sampler.NONE,
                            TrainingListener.NONE,
                            Exchange.ALONE)
                    .run();
        }

        assertThat((double) forecast.memory().total())
                .as("%s", forecast)
                .isCloseTo(measured.peak() + widening, within(0.05 * measured.peak()));
        assertThat(forecast.steps()).isEqualTo(result.steps());
        assertThat(forecast.tokens()).isEqualTo(result.numInputTokensSeen());
        assertThat(forecast.trained()).isEqualTo(result.parameters());
    }

    @Test
    void whatARunDoesFollowsFromTheLengthsOfItsExamples() {
        ExampleLengths three = ExampleLengths.of(new int[] {10, 20, 30}, new int[] {1, 2, 3});
        TrainOptions options = new TrainOptions(
                2,
                0,
                4,
                2,
                1e-3,
                LearningRateSchedule.Type.CONSTANT,
                0,
                0,
                0,
                0.9,
                0.999,
                1e-8,
                1,
                10,
                2,
                100,
                1,
                EarlyStopping.NEVER,
                3);
        try (HostKernels kernels = new HostKernels()) {
            RunForecast one = RunForecast.of(CONFIG, kernels, DataType.FLOAT, null, options, 1, false, three, three);
            RunForecast two = RunForecast.of(CONFIG, kernels, DataType.FLOAT, null, options, 2, false, three, three);

            assertThat(one.steps()).isEqualTo(2);
            assertThat(one.tokens()).isEqualTo(120).isEqualTo(two.tokens());
            assertThat(one.evaluations()).isEqualTo(1);
            assertThat(one.validationTokens()).isEqualTo(60);
            assertThat(one.largestMicroBatch()).isBetween(30, 60);
            assertThat(two.memory().updaterState()).isEqualTo(one.memory().updaterState() / 2);
            assertThat(two.memory().exchange()).isEqualTo(one.memory().gradients() / 2);
            Pace pace = new Pace(3, 0.5, 10, 0.25);
            assertThat(one.seconds(pace, 1)).isEqualTo(120 * 0.5 + 2 * 10 + 60 * 0.25);
            assertThat(two.seconds(pace, 2)).isEqualTo(60 * 0.5 + 2 * 10 + 30 * 0.25);
        }
    }

    @Test
    void thePaceIsMeasuredOnAFewUpdates() {
        try (Decoder decoder = Decoder.create(CONFIG, DataType.FLOAT)) {
            decoder.initialize(1, 0.02);
            Pace pace = Pace.measure(decoder, examples(12, 3), 2, options(), 1);

            assertThat(pace.updates()).isEqualTo(2);
            assertThat(pace.perToken()).isPositive();
            assertThat(pace.perUpdate()).isPositive();
            assertThat(pace.perScoredToken()).isPositive();
            assertThatThrownBy(() -> Pace.measure(decoder, examples(2, 3), 2, options(), 1))
                    .hasMessage("to measure 2 updates takes 3 examples, but there are 2");
        }
    }
}
