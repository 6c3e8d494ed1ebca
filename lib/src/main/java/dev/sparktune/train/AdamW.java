package dev.sparktune.train;

import dev.sparktune.model.Decoder;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * AdamW over a slice of a decoder's flat vectors: which elements decay, the two moments, and clipping by the global norm as
 * {@code torch.nn.utils.clip_grad_norm_} does; the formula is {@link Kernels#adamW}. An element's update does not depend on the
 * slice that it lies in.
 */
final class AdamW implements AutoCloseable {
    /** Most elements given to a kernel at once: bounds what a kernel needs besides its arrays. */
    private static final long LONGEST_RANGE = 1 << 20;

    /** Elements {@code [from, from + length)} of the slice that all decay, or all do not. */
    private record Range(long from, long length, boolean decays) {}

    private final Kernels kernels;
    private final double beta1;
    private final double beta2;
    private final double epsilon;
    private final double weightDecay;
    private final Slice slice;
    private final List<Range> ranges;
    private final INDArray firstMoment;
    private final INDArray secondMoment;

    /**
     * Both moments start at 0. Matrices decay by {@code weightDecay}, norms never.
     *
     * @param slice of the layout's vector that is updated; at least one element
     */
    AdamW(
            Kernels kernels,
            ParameterLayout layout,
            Slice slice,
            double beta1,
            double beta2,
            double epsilon,
            double weightDecay) {
        this.kernels = kernels;
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.epsilon = epsilon;
        this.weightDecay = weightDecay;
        this.slice = slice;
        this.ranges = ranges(layout, slice);
        this.firstMoment = kernels.allocate(slice.length());
        this.secondMoment = kernels.allocate(slice.length());
    }

    /** As the options want it, for a slice of what the decoder trains. */
    static AdamW of(Decoder decoder, TrainOptions options, Slice slice) {
        return new AdamW(
                decoder.kernels(),
                decoder.trainedLayout(),
                slice,
                options.adamBeta1(),
                options.adamBeta2(),
                options.adamEpsilon(),
                options.weightDecay());
    }

    /** m: {@code [slice]}, live. */
    INDArray firstMoment() {
        return firstMoment;
    }

    /** v: {@code [slice]}, live. */
    INDArray secondMoment() {
        return secondMoment;
    }

    /** The sum of squares of the slice of {@code [P]}; not finite if any element is not. */
    double squaredNorm(INDArray gradients) {
        INDArray own = Views.vector(gradients, slice.from(), slice.length());
        double sum = 0;
        for (Range range : ranges) {
            sum += kernels.sumOfSquares(own, range.from(), range.length());
        }
        return sum;
    }

    /** What a gradient of this norm is multiplied by so that its norm is at most {@code maxNorm}; a maxNorm of 0 never clips. */
    static double clipFactor(double norm, double maxNorm) {
        return maxNorm == 0 ? 1 : Math.min(1, maxNorm / (norm + 1e-6));
    }

    /**
     * One update of the slice, in place.
     *
     * @param parameters {@code [P]}
     * @param gradients {@code [P]}, unchanged
     * @param clipFactor multiplies the gradient
     * @param learningRate of this update
     * @param step counts from 1
     */
    void update(INDArray parameters, INDArray gradients, double clipFactor, double learningRate, int step) {
        INDArray ownParameters = Views.vector(parameters, slice.from(), slice.length());
        INDArray ownGradients = Views.vector(gradients, slice.from(), slice.length());
        for (Range range : ranges) {
            kernels.adamW(
                    ownParameters,
                    ownGradients,
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

    /** The slice in order: neighbouring tensors of one kind joined, long ones cut. */
    private static List<Range> ranges(ParameterLayout layout, Slice slice) {
        List<Range> ranges = new ArrayList<>();
        long from = 0;
        long end = 0;
        boolean decays = false;
        for (ParameterLayout.Tensor tensor : layout.tensors()) {
            if (tensor.decays() != decays) {
                cut(ranges, slice, from, end, decays);
                from = end;
                decays = tensor.decays();
            }
            end = tensor.offset() + tensor.length();
        }
        cut(ranges, slice, from, end, decays);
        return ranges;
    }

    /** Adds what of elements {@code [from, end)} of the vector lies in the slice. */
    private static void cut(List<Range> ranges, Slice slice, long from, long end, boolean decays) {
        Slice part = slice.overlap(from, end);
        for (long at = part.from(); at < part.to(); at += LONGEST_RANGE) {
            ranges.add(new Range(at - slice.from(), Math.min(LONGEST_RANGE, part.to() - at), decays));
        }
    }

    @Override
    public void close() {
        firstMoment.close();
        secondMoment.close();
    }
}
