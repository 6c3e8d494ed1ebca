package dev.sparktune.train;

import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.kernel.Kernels;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * AdamW over a decoder's flat vectors: which elements decay, the two moments, and clipping by the global norm as
 * {@code torch.nn.utils.clip_grad_norm_} does; the formula is {@link Kernels#adamW}.
 */
public final class AdamW implements AutoCloseable {
    /** Most elements given to a kernel at once: bounds what a kernel needs besides its arrays. */
    private static final long SLICE = 1 << 20;

    /** Elements {@code [from, from + length)} that all decay, or all do not. */
    private record Range(long from, long length, boolean decays) {}

    private final Kernels kernels;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final List<Range> ranges;
    private final INDArray firstMoment;
    private final INDArray secondMoment;

    /** Both moments start at 0. Matrices decay by {@code weightDecay}, norms never. */
    public AdamW(
            Kernels kernels, ParameterLayout layout, double beta1, double beta2, double epsilon, double weightDecay) {
        this.kernels = kernels;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.ranges = ranges(layout);
        this.firstMoment = kernels.allocate(layout.length());
        this.secondMoment = kernels.allocate(layout.length());
    }

    /** m: {@code [P]}, live. */
    public INDArray firstMoment() {
        return firstMoment;
    }

    /** v: {@code [P]}, live. */
    public INDArray secondMoment() {
        return secondMoment;
    }

    /** The Euclidean norm of {@code [P]}; not finite if any element is not. */
    public double norm(INDArray gradients) {
        double sum = 0;
        for (Range range : ranges) {
            sum += kernels.sumOfSquares(gradients, range.from(), range.length());
        }
        return Math.sqrt(sum);
    }

    /** What a gradient of this norm is multiplied by so that its norm is at most {@code maxNorm}; a maxNorm of 0 never clips. */
    public static double clipFactor(double norm, double maxNorm) {
        return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    }

    /**
     * One update, in place.
     *
     * @param parameters {@code [P]}
     * @param gradients {@code [P]}, unchanged
     * @param clipFactor multiplies the gradient
     * @param learningRate of this update
     * @param step counts from 1
     */
    public void update(INDArray parameters, INDArray gradients, double clipFactor, double learningRate, int step) {
        for (Range range : ranges) {
            kernels.adamW(
                    parameters,
                    gradients,
                    firstMoment,
                    secondMoment,
                    range.from(),
                    range.length(),
                    learningRate,
                    beta1,
                    beta2,
                    epsilon,
                    range.decays() ? weightDecay : 0,
                    step,
                    clipFactor);
        }
    }

    /** The whole vector in order: neighbouring tensors of one kind joined, long ones cut. */
    private static List<Range> ranges(ParameterLayout layout) {
        List<Range> ranges = new ArrayList<>();
        long from = 0;
        long end = 0;
        boolean decays = false;
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (tensor.decays() != decays) {
                cut(ranges, from, end, decays);
                from = end;
                decays = tensor.decays();
            }
            end = tensor.offset() + tensor.length();
        }
        cut(ranges, from, end, decays);
        return ranges;
    }

    private static void cut(List<Range> ranges, long from, long end, boolean decays) {
        for (long at = from; at < end; at += SLICE) {
            ranges.add(new Range(at, Math.min(SLICE, end - at), decays));
        }
    }

    @Override
    public void close() {
        firstMoment.close();
        secondMoment.close();
    }
}
