package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Views;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Keys and values of the tokens that a batch of sequences has read so far, for {@link Decoder#step}. Each sequence has a
 * slot of {@code maxTokens} rows, and those of a prompt, in every block. Closing gives the memory back at once, not when Java
 * collects its garbage.
 */
public final class KvCache implements AutoCloseable {
    /**
     * One block's rows.
     *
     * @param keyValue {@code [sequences * (promptTokens + maxTokens), 2 keyWidth]}
     * @param key its first columns
     * @param value its last columns
     * @param newRows where the tokens of the step in hand go
     */
    record BlockCache(INDArray keyValue, INDArray key, INDArray value, int[] newRows) {}

    private final int maxTokens;
    private final int promptTokens;
    private final int[] lengths;
    private final List<INDArray> keyValues = new ArrayList<>();
    private final List<INDArray> keys = new ArrayList<>();
    private final List<INDArray> values = new ArrayList<>();

    /** {@code promptTokens}: places that a {@link SoftPrompt} takes before each sequence. */
    KvCache(DecoderConfig config, Kernels kernels, int sequences, int maxTokens, int promptTokens) {
        if (sequences < 1) {
            throw new IllegalArgumentException("a cache needs at least 1 sequence, but got " + sequences);
        }
        int bound = config.maxPositionEmbeddings() - promptTokens;
        if (maxTokens < 1 || maxTokens > bound) {
            throw new IllegalArgumentException("a cache for " + maxTokens + " tokens per sequence is not within 1 and "
                    + bound + " (max_position_embeddings)");
        }
        this.maxTokens = maxTokens;
        this.promptTokens = promptTokens;
        this.lengths = new int[sequences];
        int width = config.attention().keyWidth();
        for (int block = 0; block < config.numHiddenLayers(); block++) {
            INDArray keyValue = kernels.allocate((long) sequences * (promptTokens + maxTokens), 2L * width);
            keyValues.add(keyValue);
            keys.add(Views.columns(keyValue, 0, width));
            values.add(Views.columns(keyValue, width, width));
        }
    }

    /** What a cache for so many tokens of all sequences takes. */
    static long bytes(DecoderConfig config, Kernels kernels, int tokens) {
        return 2L
                * config.attention().keyWidth()
                * tokens
                * config.numHiddenLayers()
                * kernels.dataType().width();
    }

    public int sequences() {
        return lengths.length;
    }

    public int maxTokens() {
        return maxTokens;
    }

    /** Tokens that the sequence has read. */
    public int length(int sequence) {
        return lengths[sequence];
    }

    /** Forgets all but the sequence's first tokens: to try another continuation of them, or with 0 to start anew. */
    public void truncate(int sequence, int length) {
        if (length < 0 || length > lengths[sequence]) {
            throw new IllegalArgumentException(
                    "sequence " + sequence + " has " + lengths[sequence] + " tokens: cannot keep " + length);
        }
        lengths[sequence] = length;
    }

    /** The first row of a sequence's slot. */
    int slot(int sequence) {
        return sequence * (promptTokens + maxTokens);
    }

    /** Rows of a sequence's slot that hold something: the prompt, once it was read with the first tokens, and the tokens. */
    int rows(int sequence) {
        return lengths[sequence] == 0 ? 0 : promptTokens + lengths[sequence];
    }

    BlockCache block(int block, int[] newRows) {
        return new BlockCache(keyValues.get(block), keys.get(block), values.get(block), newRows);
    }

    void append(int sequence, int tokens) {
        lengths[sequence] += tokens;
    }

    @Override
    public void close() {
        keyValues.forEach(INDArray::close);
    }

    @Override
    public String toString() {
        return "KvCache[lengths=" + Arrays.toString(lengths) + ", maxTokens=" + maxTokens + "]";
    }
}
