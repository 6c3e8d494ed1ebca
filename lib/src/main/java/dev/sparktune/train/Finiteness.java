package dev.sparktune.train;

import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Looks for numbers that are not finite in vectors of a model's layout, each worker in its own slice. All workers must ask the
 * same questions in the same order; all get the same answers.
 */
record Finiteness(ParameterLayout layout, Kernels kernels, Exchange exchange) {
    private static final int NONE = -1;

    /**
     * The last tensor of the layout with an element of {@code [P]} that is not finite: for gradients the first that backward
     * reached.
     */
    Optional<String> lastTensorBroken(INDArray vector) {
        double last = NONE;
        for (double[] record : exchange.share(lastBroken(vector))) {
            last = Math.max(last, record[0]);
        }
        return last == NONE
                ? Optional.empty()
                : Optional.of(layout.tensors().get((int) last).name());
    }

    private int lastBroken(INDArray vector) {
        Slice own = exchange.slice(layout.length());
        List<ParameterLayout.Tensor> tensors = layout.tensors();
        for (int t = tensors.size() - 1; t >= 0; t--) {
            ParameterLayout.Tensor tensor = tensors.get(t);
            Slice part = own.overlap(tensor.offset(), tensor.offset() + tensor.length());
            if (part.length() > 0 && isBroken(Views.vector(vector, part.from(), part.length()))) {
                return t;
            }
        }
        return NONE;
    }

    /** The sum of squares is quick, but large finite numbers overflow it, too. */
    private boolean isBroken(INDArray part) {
        if (Double.isFinite(kernels.sumOfSquares(part, 0, part.length()))) {
            return false;
        }
        for (long i = 0; i < part.length(); i++) {
            if (!Double.isFinite(part.getDouble(i))) {
                return true;
            }
        }
        return false;
    }
}
