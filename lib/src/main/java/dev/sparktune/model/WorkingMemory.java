package dev.sparktune.model;

import dev.sparktune.model.kernel.Kernels;

/**
 * What a decoder takes beside its parameters and their gradients, in bytes outside of the Java heap: found out from the sizes of
 * the batches that it will be given, before anything is allocated. Buffers grow with some room to spare, so the order of the
 * batches counts; activations of short and long batches are told apart to the byte.
 */
public final class WorkingMemory {
    private final DecoderConfig config;
    private final Kernels kernels;
    private final PeftMethod method; // null: none
    private final KeptActivations kept;
    private final BackwardBuffers backward;
    private final BlockActivations passing;
    private final RowBuffer stream;

    private int trainedTokens;
    private int trainedTargets;
    private int passingTokens;
    private int passingTargets;
    private int headRows;
    private int logitRows;
    private int positions;
    private int cachedTokens;

    /**
     * @param kernels whose type the decoder computes in
     * @param method of the adapter that is trained; null: all parameters are
     * @param checkpointing as {@link Decoder#useGradientCheckpointing}
     */
    public WorkingMemory(DecoderConfig config, Kernels kernels, PeftMethod method, boolean checkpointing) {
        this.config = config;
        this.kernels = kernels;
        this.method = method;
        int first = method == null ? 0 : method.layout().firstBlock();
        kept = new KeptActivations(config, kernels, first, checkpointing);
        backward = new BackwardBuffers(config, kernels);
        passing = new BlockActivations(config, kernels);
        stream = new RowBuffer(kernels, config.hiddenSize());
    }

    /**
     * A batch for {@link Decoder#forwardBackward}.
     *
     * @param targets one behind another in each example
     * @param longest example, in tokens
     */
    public void train(int examples, int tokens, int targets, int longest) {
        trainedTokens = RowBuffer.room(trainedTokens, tokens + examples * promptTokens());
        trainedTargets = RowBuffer.room(trainedTargets, targets);
        head(targets);
        positions = Math.max(positions, promptTokens() + longest);
    }

    /** A batch for {@link Decoder#score}, as for {@link #train}. */
    public void score(int examples, int tokens, int targets, int longest) {
        passingTokens = RowBuffer.room(passingTokens, tokens + examples * promptTokens());
        passingTargets = RowBuffer.room(passingTargets, targets);
        head(targets);
        positions = Math.max(positions, promptTokens() + longest);
    }

    /** A text of so many tokens for {@link Decoder#step}. */
    public void generate(int tokens) {
        int rows = promptTokens() + tokens;
        cachedTokens = Math.max(cachedTokens, rows);
        passingTokens = RowBuffer.room(passingTokens, rows);
        positions = Math.max(positions, rows);
    }

    private int promptTokens() {
        return method == null ? 0 : method.promptTokens();
    }

    private void head(int targets) {
        headRows = RowBuffer.room(headRows, targets);
        logitRows = RowBuffer.room(logitRows, Head.logitRows(config, targets));
    }

    /** All of it. */
    public long bytes() {
        int blocks = config.numHiddenLayers();
        long bytes = Head.bytes(config, kernels, headRows, logitRows)
                + stream.bytes(passingTokens)
                + passing.bytes(passingTokens, blocks > 1 ? passingTokens : passingTargets, passingTargets)
                + KvCache.bytes(config, kernels, cachedTokens)
                + kept.bytes(trainedTokens, trainedTargets)
                + backward.bytes(trainedTokens, trainedTokens)
                + backward.bytes(trainedTokens, trainedTargets);
        if (method != null) {
            bytes += method.numbersPerToken()
                    * trainedTokens
                    * kernels.dataType().width();
        }
        return config.rotary() == null
                ? bytes
                : bytes + RotaryTable.bytes(config.rotary(), positions, config.maxPositionEmbeddings(), kernels);
    }
}
