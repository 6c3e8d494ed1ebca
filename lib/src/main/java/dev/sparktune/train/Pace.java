package dev.sparktune.train;

import dev.sparktune.model.BlockListener;
import dev.sparktune.model.Decoder;
import dev.sparktune.token.BatchDealer;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenizedExample;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How fast one worker computes, measured.
 *
 * @param updates that were measured
 * @param perToken seconds of forward and backward pass for a token
 * @param perUpdate seconds of an update besides, for clipping and AdamW
 * @param perScoredToken seconds of an evaluation for a token
 */
public record Pace(int updates, double perToken, double perUpdate, double perScoredToken) implements Serializable {
    private static final double NANOS = 1e9;

    /**
     * Does a few updates as a trainer would, and one more before them that is not measured: the first is slow. The decoder's
     * parameters are other ones then.
     *
     * @param examples cut into as many equal updates, the first one unmeasured; at least one of each
     * @param updates to measure
     * @param workers among whom the updater's state is shared
     */
    public static Pace measure(
            Decoder decoder, List<TokenizedExample> examples, int updates, TrainOptions options, int workers) {
        int each = examples.size() / (updates + 1);
        if (each < 1) {
            throw new IllegalArgumentException("to measure " + updates + " updates takes " + (updates + 1)
                    + " examples, but there are " + examples.size());
        }
        Stopwatch passes = new Stopwatch();
        Stopwatch optimizing = new Stopwatch();
        Stopwatch scoring = new Stopwatch();
        long tokens = 0;
        try (AdamW optimizer =
                AdamW.of(decoder, options, Slice.of(decoder.trainedLayout().length(), 0, workers))) {
            for (int u = 0; u <= updates; u++) {
                List<PackedBatch> batches = batches(examples.subList(u * each, (u + 1) * each), options);
                double scale = 1.0
                        / batches.stream()
                                .mapToInt(batch -> batch.targets().length)
                                .sum();
                boolean measured = u > 0;
                passes.run(measured, () -> {
                    decoder.zeroGradients();
                    batches.forEach(batch ->
                            decoder.forwardBackward(batch, new long[batch.examples()], scale, BlockListener.NONE));
                });
                optimizing.run(measured, () -> {
                    double norm = Math.sqrt(optimizer.squaredNorm(decoder.gradients()));
                    double clip = AdamW.clipFactor(norm, options.maxGradNorm());
                    optimizer.update(decoder.trainedParameters(), decoder.gradients(), clip, options.learningRate(), 1);
                });
                scoring.run(measured, () -> batches.forEach(decoder::score));
                tokens += measured
                        ? batches.stream().mapToLong(PackedBatch::tokens).sum()
                        : 0;
            }
        }
        return new Pace(updates, passes.seconds() / tokens, optimizing.seconds() / updates, scoring.seconds() / tokens);
    }

    private static List<PackedBatch> batches(List<TokenizedExample> examples, TrainOptions options) {
        int[] lengths =
                examples.stream().mapToInt(example -> example.ids().length).toArray();
        List<PackedBatch> batches = new ArrayList<>();
        for (int[] micro : new BatchDealer(1, options.microBatchSize()).deal(lengths)[0]) {
            batches.add(
                    PackedBatch.of(Arrays.stream(micro).mapToObj(examples::get).toList()));
        }
        return batches;
    }

    private static final class Stopwatch {
        private long nanos;

        void run(boolean measured, Runnable work) {
            long started = System.nanoTime();
            work.run();
            nanos += measured ? System.nanoTime() - started : 0;
        }

        double seconds() {
            return nanos / NANOS;
        }
    }
}
