package dev.sparktune.model;

/** Hears, during the backward pass, that a slice of the flat gradient has become final, so that it can be sent away. */
@FunctionalInterface
public interface BlockListener {
    BlockListener NONE = (from, to) -> {};

    /**
     * Elements {@code [from, to)} of {@link Decoder#gradients()} change no more in this backward pass. Over a pass the
     * slices cover the vector once: final norm and untied head, blocks from last to first, embedding.
     */
    void onFinal(long from, long to);
}
