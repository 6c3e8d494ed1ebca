package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a {@link PeftMethod} trains beside a base that stays as it is.
 *
 * @param method what is added to the base, and where
 * @param parameters the flat vector {@code [P]} of the method's layout, live
 */
public record Adapter(PeftMethod method, INDArray parameters) {
    public Adapter {
        long length = method.layout().length();
        if (parameters.length() != length) {
            throw new IllegalArgumentException(
                    "an adapter of " + length + " parameters was given " + parameters.length());
        }
    }

    /** With parameters of zero, in the memory and the type of a decoder's. */
    public static Adapter zeros(PeftMethod method, Decoder base) {
        Kernels kernels = base.kernels();
        return new Adapter(method, kernels.allocate(method.layout().length()));
    }

    /** With the method's own start, drawn by {@code seed}. */
    public static Adapter start(PeftMethod method, Decoder base, long seed) {
        Adapter adapter = zeros(method, base);
        method.initialize(adapter.parameters, seed);
        return adapter;
    }

    /**
     * Adds the adapter to the base's own weights, once and for all: the base alone then is the tuned model.
     *
     * @throws IllegalStateException for a base in BFLOAT16, which has no place for such sums, and for a method that is not mergeable
     */
    public void mergeInto(Decoder base) {
        ParameterLayout layout = base.layout();
        List<ParameterLayout.Tensor> changed = changed(layout, 0, layout.length());
        if (base.isFrozen()) {
            throw new IllegalStateException("an adapter is not merged into weights that are kept in BFLOAT16; save the"
                    + " decoder with its adapter instead");
        }
        merge(base.kernels(), changed, base.parameters(), 0);
    }

    /**
     * Which of the base's tensors within elements {@code [from, from + length)} it changes.
     *
     * @throws IllegalStateException where weights of the base's shape cannot do what the adapter does
     */
    List<ParameterLayout.Tensor> changed(ParameterLayout base, long from, long length) {
        if (!method.isMergeable()) {
            throw new IllegalStateException("an adapter by " + method.getClass().getSimpleName()
                    + " cannot be merged into its base: keep it beside it");
        }
        return base.tensors().stream()
                .filter(tensor -> tensor.offset() >= from && tensor.offset() < from + length)
                .filter(tensor -> method.changes(tensor.name()))
                .toList();
    }

    /** Adds what it does to such tensors of the base, whose elements from {@code from} on are {@code weights}, in the adapter's type. */
    void merge(Kernels kernels, List<ParameterLayout.Tensor> changed, INDArray weights, long from) {
        TensorViews own = new TensorViews(parameters, method.layout());
        for (ParameterLayout.Tensor tensor : changed) {
            int[] shape = tensor.shape();
            INDArray weight = Views.matrix(weights, tensor.offset() - from, shape[0], shape[1]);
            method.merge(kernels, own, tensor.name(), weight);
        }
    }
}
