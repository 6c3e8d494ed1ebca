package dev.sparktune.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sparktune.model.Decoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of several workers, as threads. */
class WorkersTest {
    private static final int STEPS = 12;

    @TempDir
    Path directory;

    /** A worker's end: its weights and what it was told. */
    private record Ended(float[] parameters, Trainer.Result result) {}

    @Test
    void anyNumberOfWorkersGivesTheSameModelToRounding() throws Exception {
        Ended alone = train("alone", 1, STEPS).get(0);
        for (int workers : new int[] {2, 3, 5}) { // five workers share updates of four examples
            List<Ended> ended = train("with-" + workers, workers, STEPS);

            for (Ended worker : ended) {
                assertThat(worker.parameters()).isEqualTo(ended.get(0).parameters());
            }
            assertThat(ended.get(0).parameters())
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(alone.parameters());
            assertThat(ended.get(0).result().last().evalLoss())
                    .isCloseTo(alone.result().last().evalLoss(), within(1e-5));
            assertThat(ended.get(0).result().numInputTokensSeen())
                    .isEqualTo(alone.result().numInputTokensSeen());
        }
    }

    @Test
    void anAdapterDropsTheSameWhateverTheNumberOfWorkers() throws Exception {
        float[] alone = trainLora("alone", 1);
        for (int workers : new int[] {2, 3}) {
            assertThat(trainLora("with-" + workers, workers))
                    .usingComparatorWithPrecision(1e-5f)
                    .containsExactly(alone);
        }
        assertThat(trainLora("again", 2)).isEqualTo(trainLora("once more", 2));
    }

    private float[] trainLora(String name, int workers) throws Exception {
        List<Ended> ended = run(name, workers, STEPS, TrainingListener.NONE, false, TinyRun::withLora);
        for (Ended worker : ended) {
            assertThat(worker.parameters()).isEqualTo(ended.get(0).parameters());
        }
        return ended.get(0).parameters();
    }

    @Test
    void theSameWorkersGiveTheSameBits() throws Exception {
        assertThat(train("once", 3, STEPS).get(0).parameters())
                .isEqualTo(train("again", 3, STEPS).get(0).parameters());
    }

    @Test
    void eachWorkerWritesItsSliceAndAnyNumberOfWorkersGoesOnFromThem() throws Exception {
        float[] unbroken = train("unbroken", 2, STEPS).get(0).parameters();
        for (int next : new int[] {2, 1, 3}) {
            String name = "broken-then-" + next;
            assertThatThrownBy(() -> train(name, 2, STEPS, killAt(8))).hasRootCauseMessage("killed");
            Path checkpoint = directory.resolve(name).resolve("checkpoints/checkpoint-5");
            try (var files = Files.list(checkpoint)) {
                assertThat(files.map(file -> file.getFileName().toString()))
                        .containsExactlyInAnyOrder("slice-0-of-2.bin", "slice-1-of-2.bin", "manifest.json");
            }

            List<Integer> started = new ArrayList<>();
            float[] ended = train(name, next, STEPS, started(started)).get(0).parameters();

            assertThat(started).containsExactly(5);
            if (next == 2) {
                assertThat(ended).isEqualTo(unbroken);
            } else {
                assertThat(ended).usingComparatorWithPrecision(1e-5f).containsExactly(unbroken);
            }
        }
    }

    @Test
    void aCheckpointWithABrokenSliceIsPassedOver() throws Exception {
        train("run", 2, STEPS);
        Path slice = directory.resolve("run/checkpoints/checkpoint-12/slice-1-of-2.bin");
        byte[] bytes = Files.readAllBytes(slice);
        bytes[7] ^= 1;
        Files.write(slice, bytes);

        List<Integer> started = new ArrayList<>();
        train("run", 2, STEPS, started(started));

        assertThat(started).containsExactly(10);
    }

    @Test
    void differentReplicasAreFoundOut() {
        assertThatThrownBy(() -> run("differ", 2, STEPS, TrainingListener.NONE, true, UnaryOperator.identity()))
                .hasRootCauseInstanceOf(ReplicasDifferException.class)
                .rootCause()
                .hasMessageStartingWith("after update 10 the workers hold different parameters; their checksums are [");
    }

    private static TrainingListener killAt(int step) {
        return new TrainingListener() {
            @Override
            public void onUpdate(Update update) {
                if (update.step() == step) {
                    throw new IllegalStateException("killed");
                }
            }
        };
    }

    private static TrainingListener started(List<Integer> steps) {
        return new TrainingListener() {
            @Override
            public void onStart(int doneSteps, int totalSteps) {
                steps.add(doneSteps);
            }
        };
    }

    private List<Ended> train(String name, int workers, int steps) throws Exception {
        return train(name, workers, steps, TrainingListener.NONE);
    }

    private List<Ended> train(String name, int workers, int steps, TrainingListener listener) throws Exception {
        return run(name, workers, steps, listener, false, UnaryOperator.identity());
    }

    /**
     * @param broken whether the last worker's transport alters a parameter now and then
     * @param tuned what is trained of a base
     */
    private List<Ended> run(
            String name,
            int workers,
            int steps,
            TrainingListener listener,
            boolean broken,
            UnaryOperator<Decoder> tuned)
            throws Exception {
        Path files = Files.createDirectories(directory.resolve(name));
        List<Decoder> bases =
                IntStream.range(0, workers).mapToObj(r -> TinyRun.decoder()).toList();
        List<Decoder> decoders = bases.stream().map(tuned).toList();
        SharedMemoryExchange.Board board = new SharedMemoryExchange.Board(decoders);
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            List<Callable<Ended>> tasks = new ArrayList<>();
            for (int r = 0; r < workers; r++) {
                int rank = r;
                TinyRun run = new TinyRun(files);
                tasks.add(() -> {
                    Decoder decoder = decoders.get(rank);
                    Runnable afterPull = broken && rank == workers - 1
                            ? () -> decoder.parameters().putScalar(0, 7)
                            : () -> {};
                    try (SharedMemoryExchange exchange = new SharedMemoryExchange(board, rank, afterPull)) {
                        Trainer.Result result = run.trainer(decoder, TinyRun.options(steps, 1e-2), listener, exchange)
                                .run();
                        return new Ended(TinyRun.parameters(decoder), result);
                    }
                });
            }
            return ended(threads.invokeAll(tasks));
        } finally {
            threads.shutdownNow();
            bases.forEach(Decoder::close);
        }
    }

    /** The exception that is no consequence of another worker's, where there is one. */
    private static List<Ended> ended(List<Future<Ended>> futures) throws Exception {
        List<Ended> ended = new ArrayList<>();
        ExecutionException failure = null;
        for (Future<Ended> future : futures) {
            try {
                ended.add(future.get());
            } catch (ExecutionException e) {
                failure = failure == null || failure.getCause() instanceof PeerLostException ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return ended;
    }
}
