package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sparktune.model.Decoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    @TempDir
    Path directory;

    @TempDir
    Path elsewhere;

    private TinyRun run;

    @BeforeEach
    void open() {
        run = new TinyRun(directory);
    }

    @Test
    void learnsToCount() throws IOException {
        List<Evaluation> evaluations = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onEvaluation(Evaluation evaluation) {
                evaluations.add(evaluation);
            }
        };
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result result =
                    run.trainer(decoder, TinyRun.options(60, 5e-2), listener).run();

            assertThat(result.steps()).isEqualTo(60);
            assertThat(result.epochs()).isEqualTo(10);
            assertThat(evaluations.get(0).evalLoss()).isGreaterThan(2.5);
            assertThat(result.last().evalLoss()).isLessThan(0.5);
            assertThat(result.last().evalMeanTokenAccuracy()).isGreaterThan(0.9);
            assertThat(result.last().evalAccuracy())
                    .isBetween(0.5, result.last().evalMeanTokenAccuracy());
        }
    }

    /** A kill at update k: what a process did after its last checkpoint is lost, and done again by the next. */
    @ParameterizedTest
    @CsvSource({"1, full", "7, full", "11, full", "7, lora"})
    void goesOnAfterAKillToTheSameBits(int killedAfter, String method) throws IOException {
        UnaryOperator<Decoder> tuned = method.equals("lora") ? TinyRun::withLora : UnaryOperator.identity();
        float[] unbroken = unbroken(tuned);

        TrainingListener kill = new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                if (update.step() == killedAfter) {
                    throw new Killed();
                }
            }
        };
        try (Decoder base = TinyRun.decoder();
                TrainingLog log = log(run)) {
            assertThatThrownBy(() -> run.trainer(tuned.apply(base), TinyRun.options(), both(log, kill))
                            .run())
                    .isInstanceOf(Killed.class);
        }
        try (Decoder base = TinyRun.decoder();
                TrainingLog log = log(run)) {
            Decoder decoder = tuned.apply(base);
            Trainer.Result result = run.trainer(decoder, TinyRun.options(), log).run();

            assertThat(TinyRun.parameters(decoder)).isEqualTo(unbroken);
            assertThat(result.numInputTokensSeen()).isPositive();
        }
        List<JsonNode> lines = TrainingLog.read(run.fs(), run.file("training.jsonl"));
        assertThat(lines.stream().filter(line -> line.has("loss")))
                .extracting(line -> line.get("step").asInt())
                .containsExactly(4, 8, 12);
        assertThat(lines.stream().filter(line -> line.has("eval_loss")))
                .extracting(line -> line.get("step").asInt())
                .containsExactly(3, 6, 9, 12);
        List<JsonNode> whole = TrainingLog.read(run.fs(), new TinyRun(elsewhere).file("training.jsonl"));
        assertThat(lossesOf(lines)).isEqualTo(lossesOf(whole));
    }

    @Test
    void aBrokenCheckpointIsPassedOverForTheOneBefore() throws IOException {
        float[] unbroken = unbroken();
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), TrainingListener.NONE).run();
        }
        Path newest = directory.resolve("checkpoints/checkpoint-12/slice-0-of-1.bin");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length / 2] ^= 1;
        Files.write(newest, bytes);

        List<String> warnings = new ArrayList<>();
        List<Integer> started = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onStart(int doneSteps, int totalSteps) {
                started.add(doneSteps);
            }

            @Override
            public void onWarning(String message) {
                warnings.add(message);
            }
        };
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), listener).run();
            assertThat(TinyRun.parameters(decoder)).isEqualTo(unbroken);
        }
        assertThat(warnings).singleElement().asString().contains("checkpoint-12", "checksum", "does not match");
        assertThat(started).containsExactly(10);
    }

    @Test
    void anUnfinishedCheckpointIsNotThere() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), TrainingListener.NONE).run();
        }
        Files.delete(directory.resolve("checkpoints/checkpoint-12/manifest.json"));
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result result = run.trainer(decoder, TinyRun.options(), TrainingListener.NONE)
                    .run();
            assertThat(result.last()).isNotNull();
        }
        assertThat(directory.resolve("checkpoints/checkpoint-12/manifest.json")).exists();
    }

    @Test
    void keepsTheNewestCheckpointsAndTheBest() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer trainer = run.trainer(decoder, TinyRun.options(), TrainingListener.NONE);
            Trainer.Result result = trainer.run();

            try (var names = Files.list(directory.resolve("checkpoints"))) {
                assertThat(names.map(path -> path.getFileName().toString()))
                        .contains(
                                "checkpoint-10",
                                "checkpoint-12",
                                "best-" + result.best().step())
                        .doesNotContain("checkpoint-5");
            }
            trainer.restoreBest();
            assertThat(result.best().evalLoss())
                    .isLessThanOrEqualTo(result.last().evalLoss());
        }
    }

    @Test
    void anotherRunsCheckpointsAreRefused() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), TrainingListener.NONE).run();
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(12, 1e-3), TrainingListener.NONE)
                            .run())
                    .isInstanceOf(ForeignCheckpointException.class)
                    .hasMessageContaining("checkpoint-12 was written by a run with other options or data")
                    .hasMessageContaining("remove it or train into another directory");
        }
    }

    @Test
    void aWeightThatIsNoNumberStopsTheRunAndIsNamedWithTheLastGoodCheckpoint() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            long broken = decoder.layout().tensor("blocks.0.up.weight").offset();
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(), after(6, () -> decoder.parameters()
                                    .putScalar(broken, Float.NaN)))
                            .run())
                    .isInstanceOf(TrainingDivergedException.class)
                    .hasMessageStartingWith(
                            "the evaluation after update 6 gives loss NaN. The last good checkpoint is ")
                    .hasMessageContaining("checkpoints/checkpoint-5, and everything written so far stays");
        }
        try (Decoder decoder = TinyRun.decoder()) {
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(), after(7, () -> decoder.parameters()
                                    .putScalar(0, Float.POSITIVE_INFINITY)))
                            .run())
                    .isInstanceOf(TrainingDivergedException.class)
                    .hasMessageStartingWith("update 8 gives loss NaN and gradient norm NaN at learning rate ")
                    .hasMessageContaining("; the weights of embedding.weight were not finite before. The last")
                    .hasMessageContaining("checkpoints/checkpoint-5");
        }
        assertThat(directory.resolve("checkpoints/checkpoint-5/manifest.json")).exists();
    }

    /** Finite weights so large that forward overflows. */
    @Test
    void aGradientThatIsNoNumberIsNamedByItsTensor() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            var norm = decoder.layout().tensor("blocks.0.mlp_norm.weight");
            Runnable overflow = () -> decoder.parameters().putScalar(norm.offset(), Float.MAX_VALUE);
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(), after(1, overflow))
                            .run())
                    .isInstanceOf(TrainingDivergedException.class)
                    .hasMessageStartingWith("update 2 gives loss NaN and gradient norm NaN")
                    .hasMessageContaining(
                            "; the first gradient that is not finite, in the order of backward, is that of final_norm.weight."
                                    + " The last good checkpoint is none, and");
        }
    }

    @Test
    void weightsThatAreNoNumbersBecomeNoCheckpoint() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(), after(10, () -> decoder.parameters()
                                    .putScalar(0, Float.NaN)))
                            .run())
                    .isInstanceOf(TrainingDivergedException.class)
                    .hasMessageStartingWith("after update 10 the weights of embedding.weight are not finite, so no"
                            + " checkpoint of it is written. The last good checkpoint is ")
                    .hasMessageContaining("checkpoints/checkpoint-5");
        }
        assertThat(directory.resolve("checkpoints/checkpoint-10")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void microBatchesAddUpToTheOneLargeBatch(int microBatchSize) throws IOException {
        List<TrainingListener.Update> large = new ArrayList<>();
        List<TrainingListener.Update> small = new ArrayList<>();
        float[] expected = microBatches(new TinyRun(elsewhere), 4, large);

        float[] parameters = microBatches(run, microBatchSize, small);

        assertThat(parameters).usingComparatorWithPrecision(1e-5f).containsExactly(expected);
        for (int i = 0; i < large.size(); i++) {
            assertThat(small.get(i).loss()).isCloseTo(large.get(i).loss(), within(1e-5));
            assertThat(small.get(i).gradNorm()).isCloseTo(large.get(i).gradNorm(), within(1e-5));
        }
    }

    private static float[] microBatches(TinyRun run, int microBatchSize, List<TrainingListener.Update> updates)
            throws IOException {
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                updates.add(update);
            }
        };
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.with(TinyRun.options(), microBatchSize, EarlyStopping.NEVER), listener)
                    .run();
            assertThat(updates).hasSize(12);
            return TinyRun.parameters(decoder);
        }
    }

    /** Nothing falls by as much as 100 nats, so the second and third evaluation (updates 6 and 9) end the run. */
    @Test
    void aRunWhoseLossFallsNoMoreStopsEarlyAndStaysStopped() throws IOException {
        TrainOptions stopping = TinyRun.with(TinyRun.options(), 2, new EarlyStopping(2, 100));
        try (Decoder decoder = TinyRun.decoder();
                TrainingLog log = log(run)) {
            Trainer.Result result = run.trainer(decoder, stopping, log).run();

            assertThat(result.steps()).isEqualTo(9);
            assertThat(result.stoppedEarly()).isTrue();
        }
        assertThat(TrainingLog.read(run.fs(), run.file("training.jsonl")).stream()
                        .map(line -> (line.has("loss") ? "loss " : "eval_loss ") + line.get("step"))
                        .toList())
                .containsExactly("eval_loss 3", "loss 4", "eval_loss 6", "loss 8", "eval_loss 9", "loss 9");
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result again =
                    run.trainer(decoder, stopping, TrainingListener.NONE).run();

            assertThat(again.steps()).isEqualTo(9);
            assertThat(again.stoppedEarly()).isTrue();
        }
    }

    @Test
    void aRunThatIsKilledRemembersItsPatience() throws IOException {
        TrainOptions stopping = TinyRun.with(TinyRun.options(), 2, new EarlyStopping(2, 100));
        try (Decoder decoder = TinyRun.decoder()) {
            Runnable kill = () -> {
                throw new Killed();
            };
            assertThatThrownBy(
                            () -> run.trainer(decoder, stopping, after(8, kill)).run())
                    .isInstanceOf(Killed.class);
        }
        try (Decoder decoder = TinyRun.decoder()) {
            assertThat(run.trainer(decoder, stopping, TrainingListener.NONE)
                            .run()
                            .steps())
                    .isEqualTo(9);
        }
    }

    @Test
    void aRunThatPausesGoesOnToTheSameBits() throws IOException {
        float[] unbroken = unbroken();
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result paused = run.trainer(decoder, TinyRun.options(), TrainingListener.NONE)
                    .runTo(7);
            assertThat(paused.steps()).isEqualTo(7);
            assertThat(paused.stoppedEarly()).isFalse();
            assertThat(paused.last().step()).isEqualTo(7);
        }
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result result = run.trainer(decoder, TinyRun.options(), TrainingListener.NONE)
                    .run();
            assertThat(result.steps()).isEqualTo(12);
            assertThat(TinyRun.parameters(decoder)).isEqualTo(unbroken);
            assertThatThrownBy(() -> run.trainer(decoder, TinyRun.options(), TrainingListener.NONE)
                            .runTo(13))
                    .hasMessage("the last update must be from 1 to 12, all of the run, but is 13");
        }
    }

    /** Pauses at updates where nothing is due: the log's lines come every 4, evaluations every 3, and the third ends the run. */
    @Test
    void aPauseNeitherStopsARunEarlyNorShowsInItsLog() throws IOException {
        TrainOptions stopping = TinyRun.with(TinyRun.options(), 2, new EarlyStopping(2, 100));
        TinyRun other = new TinyRun(elsewhere);
        float[] unbroken = run(other, stopping, 12);

        run(run, stopping, 5);
        run(run, stopping, 7);
        List<JsonNode> paused = TrainingLog.read(run.fs(), run.file("training.jsonl"));
        assertThat(paused.get(paused.size() - 1).toString()).contains("\"step\":7", "\"pause\":true");
        run(run, stopping, 7); // as after a kill before anybody heard how the pause came out
        assertThat(timeless(run)).hasSameSizeAs(paused);

        assertThat(run(run, stopping, 12)).isEqualTo(unbroken);
        assertThat(timeless(run)).isEqualTo(timeless(other));
        assertThat(directory.resolve("checkpoints/best-7")).doesNotExist();
    }

    private static float[] run(TinyRun run, TrainOptions options, int step) throws IOException {
        try (Decoder decoder = TinyRun.decoder();
                TrainingLog log = log(run)) {
            Trainer.Result result = run.trainer(decoder, options, log).runTo(step);
            assertThat(result.steps()).isEqualTo(Math.min(step, 9));
            assertThat(result.last().step()).isEqualTo(result.steps());
            return TinyRun.parameters(decoder);
        }
    }

    /** The lines of the log without what the clock says. */
    private static List<JsonNode> timeless(TinyRun run) throws IOException {
        List<JsonNode> lines = TrainingLog.read(run.fs(), run.file("training.jsonl"));
        lines.forEach(line -> ((ObjectNode) line).remove(List.of("tokens_per_second", "eval_runtime")));
        return lines;
    }

    @Test
    void anotherMachinesCheckpointIsWarnedOf() throws IOException {
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), TrainingListener.NONE).run();
        }
        Path manifest = directory.resolve("checkpoints/checkpoint-12/manifest.json");
        Files.writeString(manifest, Files.readString(manifest).replace(Hardware.describe(), "an abacus, 3 threads"));
        List<String> warnings = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onWarning(String message) {
                warnings.add(message);
            }
        };
        try (Decoder decoder = TinyRun.decoder()) {
            run.trainer(decoder, TinyRun.options(), listener).run();
        }
        assertThat(warnings)
                .singleElement()
                .asString()
                .contains("checkpoint-12 was written on an abacus, 3 threads, and this is " + Hardware.describe())
                .endsWith("the weights will be an unbroken run's to rounding, not bit for bit");
    }

    private static TrainingListener after(int step, Runnable action) {
        return new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                if (update.step() == step) {
                    action.run();
                }
            }
        };
    }

    @Test
    void optionsOutOfBoundsAreRefusedByName() {
        assertThatThrownBy(() -> TinyRun.options(12, -1)).hasMessage("learning_rate must be above 0, but is -1.0");
    }

    @Test
    void theTrainingLossIsTheMeanOverAllCompletionTokens() throws IOException {
        double[] sums = new double[1];
        int[] updates = new int[1];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                sums[0] += update.loss();
                updates[0]++;
            }
        };
        try (Decoder decoder = TinyRun.decoder()) {
            Trainer.Result result =
                    run.trainer(decoder, TinyRun.options(), listener).run();
            assertThat(result.trainLoss()).isCloseTo(sums[0] / updates[0], within(0.05));
        }
    }

    private float[] unbroken() throws IOException {
        return unbroken(UnaryOperator.identity());
    }

    private float[] unbroken(UnaryOperator<Decoder> tuned) throws IOException {
        TinyRun other = new TinyRun(elsewhere);
        try (Decoder base = TinyRun.decoder();
                TrainingLog log = log(other)) {
            Decoder decoder = tuned.apply(base);
            other.trainer(decoder, TinyRun.options(), log).run();
            return TinyRun.parameters(decoder);
        }
    }

    private static TrainingLog log(TinyRun run) {
        return new TrainingLog(run.fs(), run.file("training.jsonl"));
    }

    private static List<Double> lossesOf(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> line.path("loss").asDouble(line.path("eval_loss").asDouble()))
                .toList();
    }

    private static TrainingListener both(TrainingListener first, TrainingListener second) {
        return TrainingListener.all(List.of(first, second));
    }

    private static final class Killed extends RuntimeException {}
}
