package dev.sparktune.train;

/**
 * What one worker of a run will take outside of the Java heap at most, in bytes.
 *
 * @param weights all parameters
 * @param gradients of those that are trained
 * @param updaterState both of AdamW's moments, of this worker's slice
 * @param activations what blocks keep for the gradient, and the buffers of a pass
 * @param exchange gradients that come from other workers
 */
public record MemoryForecast(long weights, long gradients, long updaterState, long activations, long exchange) {
    /**
     * @param parameters of the model and its adapter
     * @param trained of them
     * @param activations {@link dev.sparktune.model.WorkingMemory#bytes}
     */
    static MemoryForecast of(long parameters, long trained, int workers, long activations) {
        long slice = Slice.of(trained, 0, workers).length();
        return new MemoryForecast(
                parameters * Float.BYTES,
                trained * Float.BYTES,
                2 * slice * Float.BYTES,
                activations,
                (workers - 1) * slice * Float.BYTES);
    }

    public long total() {
        return weights + gradients + updaterState + activations + exchange;
    }
}
