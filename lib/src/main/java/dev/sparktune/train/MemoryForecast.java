package dev.sparktune.train;

import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.kernel.Kernels;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What one worker of a run will take outside of the Java heap at most, in bytes.
 *
 * @param weights all parameters, and what it takes to widen them where they are kept in BFLOAT16
 * @param gradients of those that are trained
 * @param updaterState both of AdamW's moments, of this worker's slice
 * @param activations what blocks keep for the gradient, and the buffers of a pass
 * @param exchange gradients that come from other workers
 */
public record MemoryForecast(long weights, long gradients, long updaterState, long activations, long exchange) {
    /**
     * @param weights in bytes
     * @param trained how many parameters
     * @param activations {@link dev.sparktune.model.WorkingMemory#bytes}
     */
    static MemoryForecast of(long weights, long trained, int workers, long activations) {
        long slice = Slice.of(trained, 0, workers).length();
        return new MemoryForecast(
                weights,
                trained * Float.BYTES,
                2 * slice * Float.BYTES,
                activations,
                (workers - 1) * slice * Float.BYTES);
    }

    /**
     * What a model's weights take, in bytes: all of them, and what it takes to widen them where they are kept in BFLOAT16.
     *
     * @param kernels whose type the decoder computes in
     * @param type that the weights are kept in: the kernels', or BFLOAT16
     */
    public static long weights(DecoderConfig config, Kernels kernels, DataType type) {
        ParameterLayout layout = ParameterLayout.of(config);
        long kept = layout.length() * type.width();
        if (type == kernels.dataType()) {
            return kept;
        }
        long largest = layout.tensors().stream()
                .mapToLong(ParameterLayout.Tensor::length)
                .max()
                .orElseThrow();
        return kept + kernels.wideningBytes(largest);
    }

    public long total() {
        return weights + gradients + updaterState + activations + exchange;
    }
}
