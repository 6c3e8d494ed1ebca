package dev.sparktune.train;

/**
 * How the workers of a run share an update. Each computes the gradient of its part of the examples and is also the server of
 * one slice of the vector ({@link #slice}): there the slice's gradients are summed, and only there the slice is updated.
 *
 * <p>An update is {@link #push} as parts of the gradient become final, {@link #sum}, {@link #share} of what all must know,
 * the update of one's own slice, {@link #pull}. All workers must call the same methods in the same order; a call waits for the
 * others. Bound to the flat parameters and gradients {@code [P]} of one decoder; for one thread.
 *
 * <p>Every method throws {@link PeerLostException} when another worker can no longer be reached.
 */
public interface Exchange extends AutoCloseable {
    /** One worker, who serves the whole vector: nothing is sent, copied or waited for. */
    Exchange ALONE = new Exchange() {
        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int workers() {
            return 1;
        }

        @Override
        public void push(long from, long to) {}

        @Override
        public void sum() {}

        @Override
        public double[][] share(double... record) {
            return new double[][] {record};
        }

        @Override
        public void pull() {}

        @Override
        public void close() {}
    };

    /** This worker's number, from 0. */
    int rank();

    /** How many there are. */
    int workers();

    /** What this worker serves of a vector of {@code length} elements. */
    default Slice slice(long length) {
        return Slice.of(length, rank(), workers());
    }

    /**
     * Sends elements {@code [from, to)} of the gradient, which change no more before {@link #pull} has returned, to the
     * servers of their slices. The calls of one update cover the vector once.
     */
    void push(long from, long to);

    /** Waits until this worker's slice of the gradient is the sum over all workers, added up in the order of their ranks. */
    void sum();

    /**
     * Tells all workers a few numbers.
     *
     * @return {@code [workers][numbers]}: each one's record, in the order of their ranks, the same bits everywhere
     */
    double[][] share(double... record);

    /** Sends this worker's slice of the parameters to all, and waits until theirs stand in the parameters here. */
    void pull();

    @Override
    void close();
}
