package dev.sparktune.model.kernel;

import static org.bytedeco.openblas.global.openblas_nolapack.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas_nolapack.CblasTrans;

import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas_nolapack;

/**
 * Matrix products by the BLAS that ND4J brings, cut into one piece per worker. BLAS itself is held to one thread, for the
 * whole process: its own threads wait for each other at every call and cannot run beside ours (run: 2048x256x128 on two
 * cores, 59 GFLOP/s with two BLAS threads, 134 with one).
 */
final class HostGemm {
    /** A matrix to multiply by: as it lies in memory, or transposed. */
    record Side(FloatPointer start, int stride, boolean transposed) {
        /** The same from element {@code (row, column)} of the matrix as multiplied on. */
        Side from(long row, long column) {
            long at = transposed ? column * stride + row : row * stride + column;
            return at == 0 ? this : new Side(start.getPointer(at), stride, transposed);
        }
    }

    private final Workers workers;

    HostGemm(Workers workers) {
        this.workers = workers;
        openblas_nolapack.blas_set_num_threads(1);
    }

    /** {@code c[m, n] = a[m, k] b[k, n] + beta c}, over all workers. */
    void multiply(int m, int n, int k, Side a, Side b, float beta, HostMatrix c) {
        // A multiply-add costs about a sixteenth of what loops take for an element.
        if (m >= n) {
            long costOfRow = 1 + (long) n * k / 16;
            workers.ranges(
                    m,
                    costOfRow,
                    (from, to) -> single(to - from, n, k, 1f, a.from(from, 0), b, beta, c.at(from, 0), c.stride()));
        } else {
            long costOfColumn = 1 + (long) m * k / 16;
            workers.ranges(
                    n,
                    costOfColumn,
                    (from, to) -> single(m, to - from, k, 1f, a, b.from(0, from), beta, c.at(0, from), c.stride()));
        }
    }

    /** {@code c = alpha a b + beta c}, on this thread. */
    static void single(int m, int n, int k, float alpha, Side a, Side b, float beta, FloatPointer c, int cStride) {
        openblas_nolapack.cblas_sgemm(
                CblasRowMajor,
                a.transposed ? CblasTrans : CblasNoTrans,
                b.transposed ? CblasTrans : CblasNoTrans,
                m,
                n,
                k,
                alpha,
                a.start,
                a.stride,
                b.start,
                b.stride,
                beta,
                c,
                cStride);
    }
}
