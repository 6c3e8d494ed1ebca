package dev.sparktune.token;

/**
 * The order in which an epoch takes its examples: a permutation that depends on seed, epoch and number of examples only,
 * never on workers. It mixes as an external shuffle does: runs of {@value #RUN} neighbours are put in random order, then each
 * {@value #POOL_RUNS} runs of that order are pooled and all their examples shuffled. What is held is one int per run and one
 * pool.
 *
 * <p>Up to {@value #RUN} × {@value #POOL_RUNS} examples are one pool: any order is then possible.
 */
public final class EpochOrder {
    private static final int RUN = 256;
    private static final int POOL_RUNS = 256;
    private static final int POOL = RUN * POOL_RUNS;

    private final long seed;
    private final long examples;

    private long epoch = -1;
    private int[] runs;
    /** Place of the last, shorter run among {@link #runs}. */
    private int shortRunAt;

    private int poolNumber;
    private long[] pool;

    public EpochOrder(long seed, long examples) {
        if (examples < 1 || examples > (long) Integer.MAX_VALUE * RUN / 2) {
            throw new IllegalArgumentException("an order needs at least one example and at most "
                    + (long) Integer.MAX_VALUE * RUN / 2 + ", but there are " + examples);
        }
        this.seed = seed;
        this.examples = examples;
    }

    /**
     * Index of the example that comes at {@code position} (0-based, below the number of examples) of {@code epoch}. Cheap
     * where positions are asked for one after another.
     */
    public synchronized long at(long epoch, long position) {
        if (epoch < 0 || position < 0 || position >= examples) {
            throw new IndexOutOfBoundsException(
                    "position " + position + " of epoch " + epoch + " with " + examples + " examples");
        }
        if (this.epoch != epoch) {
            orderRuns(epoch);
        }
        int wanted = (int) (position / POOL);
        // The short run makes its pool, and the beginning of all after it, come earlier.
        if (position >= poolStart(wanted + 1)) {
            wanted++;
        }
        if (pool == null || poolNumber != wanted) {
            mixPool(wanted);
        }
        return pool[(int) (position - poolStart(wanted))];
    }

    private void orderRuns(long newEpoch) {
        int count = (int) ((examples + RUN - 1) / RUN);
        int[] order = new int[count];
        for (int i = 0; i < count; i++) {
            order[i] = i;
        }
        SplitMix64 random = SplitMix64.keyed(seed, newEpoch, -1);
        for (int i = count - 1; i > 0; i--) {
            int j = (int) random.below(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        runs = order;
        for (int i = 0; i < count; i++) {
            if (order[i] == count - 1) {
                shortRunAt = i;
            }
        }
        epoch = newEpoch;
        pool = null;
    }

    private long poolStart(int number) {
        long full = Math.min((long) number * POOL_RUNS, runs.length);
        long missing = full > shortRunAt ? (long) runs.length * RUN - examples : 0;
        return full * RUN - missing;
    }

    private void mixPool(int number) {
        long[] mixed = new long[(int) (poolStart(number + 1) - poolStart(number))];
        int n = 0;
        int end = Math.min(runs.length, (number + 1) * POOL_RUNS);
        for (int r = number * POOL_RUNS; r < end; r++) {
            long first = (long) runs[r] * RUN;
            for (long i = first; i < Math.min(examples, first + RUN); i++) {
                mixed[n++] = i;
            }
        }
        SplitMix64 random = SplitMix64.keyed(seed, epoch, number);
        for (int i = n - 1; i > 0; i--) {
            int j = (int) random.below(i + 1);
            long swapped = mixed[i];
            mixed[i] = mixed[j];
            mixed[j] = swapped;
        }
        pool = mixed;
        poolNumber = number;
    }
}
