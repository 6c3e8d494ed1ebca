package dev.sparktune.train;

import dev.sparktune.token.BatchDealer;
import dev.sparktune.token.EpochOrder;
import dev.sparktune.token.ExampleLengths;
import java.util.Arrays;

/**
 * Which examples each update of a run takes, and which worker computes which of them at once: the next {@code
 * global_batch_size} of the seeded order, an update may reach into the next epoch, and the run's last may be smaller.
 */
final class Updates {
    private final ExampleLengths examples;
    private final int globalBatchSize;
    private final long totalExamples;
    private final EpochOrder order;
    private final BatchDealer dealer;

    Updates(ExampleLengths examples, TrainOptions options, int workers) {
        this.examples = examples;
        globalBatchSize = options.globalBatchSize();
        totalExamples = options.totalExamples(examples.size());
        order = new EpochOrder(options.seed(), examples.size());
        dealer = new BatchDealer(workers, options.microBatchSize());
    }

    /**
     * The examples of one update, all workers' together.
     *
     * @param indices of the training examples
     * @param lengths {@code [examples]}, in tokens
     * @param targets completion tokens of all
     */
    record Update(long[] indices, int[] lengths, int targets) {
        long tokens() {
            return Arrays.stream(lengths).asLongStream().sum();
        }
    }

    /** @param done updates before it */
    Update after(int done) {
        long from = (long) done * globalBatchSize;
        int count = (int) (Math.min(from + globalBatchSize, totalExamples) - from);
        long[] indices = new long[count];
        int[] lengths = new int[count];
        int targets = 0;
        for (int i = 0; i < count; i++) {
            indices[i] = order.at((from + i) / examples.size(), (from + i) % examples.size());
            lengths[i] = examples.length(indices[i]);
            targets += examples.targets(indices[i]);
        }
        return new Update(indices, lengths, targets);
    }

    /** {@code [micro-batches][examples]}: a worker's places in the update's arrays. */
    int[][] microBatches(Update update, int rank) {
        return dealer.deal(update.lengths())[rank];
    }
}
