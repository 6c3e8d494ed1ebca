package dev.sparktune.train;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.kernel.Views;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Workers that are threads of one JVM and look into each other's decoders. */
final class SharedMemoryExchange implements Exchange {
    /** What the workers of one run have in common. */
    static final class Board {
        private final List<Decoder> decoders;
        private final CyclicBarrier barrier;
        private final double[][] records;

        Board(List<Decoder> decoders) {
            this.decoders = decoders;
            this.barrier = new CyclicBarrier(decoders.size());
            this.records = new double[decoders.size()][];
        }
    }

    private final Board board;
    private final int rank;
    private final Runnable afterPull;

    SharedMemoryExchange(Board board, int rank, Runnable afterPull) {
        this.board = board;
        this.rank = rank;
        this.afterPull = afterPull;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int workers() {
        return board.decoders.size();
    }

    @Override
    public void push(long from, long to) {}

    @Override
    public void sum() {
        await();
        INDArray own = slice(board.decoders.get(0).gradients(), rank);
        INDArray sum = own.dup();
        for (int r = 1; r < workers(); r++) {
            sum.addi(slice(board.decoders.get(r).gradients(), rank));
        }
        await(); // nobody's slice is overwritten while another still reads it
        slice(board.decoders.get(rank).gradients(), rank).assign(sum);
    }

    @Override
    public double[][] share(double... record) {
        board.records[rank] = record;
        await();
        double[][] all = board.records.clone();
        await();
        return all;
    }

    @Override
    public void pull() {
        await();
        INDArray parameters = board.decoders.get(rank).trainedParameters();
        for (int r = 0; r < workers(); r++) {
            if (r != rank) {
                slice(parameters, r).assign(slice(board.decoders.get(r).trainedParameters(), r));
            }
        }
        await();
        afterPull.run();
    }

    /** Breaks the barrier for good, as an interrupted wait does: who comes later does not wait for this worker. */
    @Override
    public void close() {
        Thread.currentThread().interrupt();
        try {
            board.barrier.await();
        } catch (InterruptedException | BrokenBarrierException e) {
            // what was wanted
        }
    }

    private INDArray slice(INDArray vector, int server) {
        Slice slice = Slice.of(vector.length(), server, workers());
        return Views.vector(vector, slice.from(), slice.length());
    }

    private void await() {
        try {
            board.barrier.await(30, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException | InterruptedException e) {
            throw new PeerLostException("worker " + rank + " lost another", e);
        }
    }
}
