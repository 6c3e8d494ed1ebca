package dev.sparktune.model;

import dev.sparktune.model.kernel.AttentionSpans;
import dev.sparktune.model.kernel.CounterRandom;
import dev.sparktune.model.kernel.HostKernels;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.model.kernel.Nd4jKernels;
import dev.sparktune.model.kernel.Views;
import dev.sparktune.token.PackedBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A decoder language model with hand-written gradients: embedding, blocks of attention and MLP on a residual stream, final
 * norm, head; what each of them is, {@link DecoderConfig} says. All parameters are one flat vector, all gradients another;
 * {@link ParameterLayout} says what lies where.
 *
 * <p>Batches are packed: examples end to end, attention inside each, positions from 0 in each, logits at the loss positions
 * only. Losses and gradients are sums over targets, so that they can be added up over batches and workers and divided
 * once. The same call on the same state gives the same bits.
 *
 * <p>One thread at a time may use a decoder and those made of it by {@link #with}: they keep working memory between calls.
 */
public final class Decoder implements AutoCloseable {
    private final DecoderConfig config;
    private final ParameterLayout layout;
    private final Kernels kernels;
    private final INDArray parameters;
    private final Adapter adapter; // null: all parameters are trained
    private final List<LinearMap> adapted = new ArrayList<>();
    private final int promptTokens;
    private final SoftPrompt prompt; // null: none
    private final RotaryTable rotary; // null: positions are learned
    private final Embedding embedding;
    private final List<Block> blocks = new ArrayList<>();
    private final Head head;
    private final BlockActivations passing;
    private final RowBuffer stream;
    private final List<INDArray> own = new ArrayList<>(); // what close frees
    private boolean checkpointing;
    private Training training;

    /** Parameters are zero until they are loaded or {@link #initialize}d. The decoder owns the kernels. */
    public Decoder(DecoderConfig config, Kernels kernels) {
        this(config, kernels, kernels.dataType());
    }

    /**
     * The same with the parameters in a type of their own.
     *
     * @param type the kernels', or BFLOAT16: half the memory of FLOAT, but {@link #isFrozen}
     */
    public Decoder(DecoderConfig config, Kernels kernels, DataType type) {
        this(config, kernels, zeros(ParameterLayout.of(config).length(), kernels, type));
        own.add(parameters);
    }

    /** Over a given flat vector {@code [P]} in the kernels' type or BFLOAT16, which stays the live one. */
    Decoder(DecoderConfig config, Kernels kernels, INDArray parameters) {
        this(config, kernels, parameters, null);
    }

    private Decoder(DecoderConfig config, Kernels kernels, INDArray parameters, Adapter adapter) {
        this.config = config;
        this.kernels = kernels;
        this.parameters = parameters;
        this.adapter = adapter;
        layout = ParameterLayout.of(config);
        int headDim = config.attention().headDim();
        rotary = config.rotary() == null
                ? null
                : new RotaryTable(config.rotary(), headDim, config.maxPositionEmbeddings(), kernels);
        TensorViews tensors = new TensorViews(parameters, layout);
        LinearMaps plain = (bias, names) -> new Linear(kernels, tensors, bias, names);
        AdapterParts parts = adapter == null ? null : parts();
        LinearMaps maps = adapter == null ? plain : adapting(plain, parts);
        promptTokens = adapter == null ? 0 : adapter.method().promptTokens();
        if (maxTokens() < 1) {
            throw new IllegalArgumentException(promptTokens + " prompt tokens leave no place for others in a model with"
                    + " max_position_embeddings " + config.maxPositionEmbeddings());
        }
        prompt = promptTokens == 0 ? null : adapter.method().prompt(parts);
        embedding = new Embedding(config, kernels, tensors, prompt);
        for (int i = 0; i < config.numHiddenLayers(); i++) {
            blocks.add(new Block(config, kernels, rotary, tensors, maps, i));
        }
        head = new Head(config, kernels, tensors);
        passing = new BlockActivations(config, kernels);
        stream = new RowBuffer(kernels, config.hiddenSize());
    }

    /**
     * With the fastest kernels there are for the type.
     *
     * @param type FLOAT; DOUBLE to check gradients; or BFLOAT16 to keep the weights so, in half the memory, and compute with them in
     *     FLOAT: such a decoder {@link #isFrozen}
     */
    public static Decoder create(DecoderConfig config, DataType type) {
        return new Decoder(config, kernels(type == DataType.BFLOAT16 ? DataType.FLOAT : type), type);
    }

    private static INDArray zeros(long length, Kernels kernels, DataType type) {
        if (type == DataType.BFLOAT16) {
            return kernels.allocateBfloat16(length);
        }
        if (type != kernels.dataType()) {
            throw new IllegalArgumentException(
                    "kernels in " + kernels.dataType() + " compute with no weights in " + type);
        }
        return kernels.allocate(length);
    }

    /** The fastest kernels there are for a type; whoever asks closes them. */
    public static Kernels kernels(DataType type) {
        return type == DataType.FLOAT && HostKernels.isSupported() ? new HostKernels() : new Nd4jKernels(type);
    }

    private AdapterParts parts() {
        TensorViews tensors =
                new TensorViews(adapter.parameters(), adapter.method().layout());
        return new AdapterParts(kernels, tensors, layout, new Scratch(kernels));
    }

    /** Maps with what the adapter adds to them; keeps those that it trains. */
    private LinearMaps adapting(LinearMaps plain, AdapterParts parts) {
        return (bias, names) -> {
            LinearMap map = plain.of(bias, names);
            LinearMap with = adapter.method().adapt(map, List.of(names), parts);
            if (with != map) {
                adapted.add(with);
            }
            return with;
        };
    }

    /**
     * The same weights with an adapter on them, which alone is trained: any number of such decoders share one base in memory.
     * Each is valid as long as the base is open, and needs no closing.
     */
    public Decoder with(Adapter other) {
        if (adapter != null) {
            throw new IllegalStateException("the decoder has an adapter already");
        }
        return new Decoder(config, kernels, parameters, other);
    }

    public DecoderConfig config() {
        return config;
    }

    /** The longest sequence, in tokens: the model's positions without those that an adapter's prompt takes. */
    public int maxTokens() {
        return config.maxPositionEmbeddings() - promptTokens;
    }

    /** Whether the weights are kept in BFLOAT16, where most updates would be lost in rounding: only an adapter can be trained then. */
    public boolean isFrozen() {
        return parameters.dataType() != kernels.dataType();
    }

    /** Of {@link #parameters}. */
    public ParameterLayout layout() {
        return layout;
    }

    /** Of {@link #trainedParameters} and {@link #gradients}. */
    public ParameterLayout trainedLayout() {
        return adapter == null ? layout : adapter.method().layout();
    }

    /** The arithmetic, which also holds the optimizer's step. */
    public Kernels kernels() {
        return kernels;
    }

    /** The flat vector {@code [P]}, live: what is written there is used by the next call. */
    public INDArray parameters() {
        return parameters;
    }

    /**
     * A part of the parameters as the adapter makes them, the base staying as it is: elements {@code [from, from + length)}, whole
     * tensors, in the kernels' type and in memory that the caller closes; null where the adapter, if there is one, changes none.
     *
     * @throws IllegalStateException for an adapter that cannot be merged
     */
    public INDArray merged(long from, long length) {
        requireOpen();
        List<ParameterLayout.Tensor> changed = adapter == null ? List.of() : adapter.changed(layout, from, length);
        if (changed.isEmpty()) {
            return null;
        }
        INDArray merged = kernels.allocate(length);
        merged.assign(Views.vector(parameters, from, length));
        adapter.merge(kernels, changed, merged, from);
        return merged;
    }

    /** The flat vector that training changes, live: all parameters, or the adapter's where there is one. */
    public INDArray trainedParameters() {
        return adapter == null ? parameters : adapter.parameters();
    }

    /** Of {@link #trainedParameters}, live; zero at first. Its memory, and that of training, is taken on first use. */
    public INDArray gradients() {
        return training().gradients;
    }

    /**
     * Trades time for memory: of each block only what enters it is kept for the gradient, the rest is computed once more in the
     * backward pass, to the same bits.
     *
     * @throws IllegalStateException once there is memory for training
     */
    public void useGradientCheckpointing() {
        if (training != null) {
            throw new IllegalStateException("gradient checkpointing must be chosen before the first gradient");
        }
        checkpointing = true;
    }

    /** Puts the gradient into a given flat vector {@code [P]} from now on. */
    void useGradients(INDArray flat) {
        training = new Training(flat);
    }

    public void zeroGradients() {
        kernels.fill(gradients(), 0);
    }

    /**
     * Draws matrices from N(0, initializerRange^2), sets the factors of norms to 1 and biases to 0. Every element depends on
     * the seed, its tensor and its place only.
     */
    public void initialize(long seed, double initializerRange) {
        new RandomStart(seed, initializerRange).fill(parameters, layout);
    }

    /**
     * Forward and backward pass. The gradient of the returned sum, times {@code gradientScale}, is added to
     * {@link #gradients()}.
     *
     * @param onFinal told of each slice of the gradient that changes no more in this pass
     * @return the sum of {@code -log p(target)} over the batch's targets
     * @throws IllegalArgumentException where an id is not in the vocabulary or an example is longer than {@link #maxTokens}
     */
    public double forwardBackward(PackedBatch batch, double gradientScale, BlockListener onFinal) {
        return forwardBackward(batch, null, gradientScale, onFinal);
    }

    /**
     * The same with randomness, where an adapter has some.
     *
     * @param exampleKeys {@code [examples]}: what the randomness of each example follows from, whatever it is packed with; null: none
     */
    public double forwardBackward(PackedBatch given, long[] exampleKeys, double gradientScale, BlockListener onFinal) {
        PackedBatch batch = checked(given);
        Training t = training();
        double loss = 0;
        if (batch.targets().length > 0) {
            BatchRows rows = rows(batch, exampleKeys);
            INDArray stream = t.forward(batch, rows);
            int last = blocks.size() - 1;
            BackwardBuffers d = t.lastBuffers;
            kernels.fill(d.output, 0);
            int[] lossRows = rows.last.outputRows(batch.lossPositions());
            loss = head.lossGradient(stream, lossRows, batch.targets(), gradientScale, d.output);
            announceHead(onFinal);
            INDArray dInput = t.buffers.output;
            blocks.get(last).backward(t.kept.of(last, rows.last), rows.last, d, dInput);
            announceBlock(last, onFinal);
            for (int i = last - 1; i >= t.first; i--) {
                BlockActivations a = t.kept.of(i, rows.all);
                if (t.kept.checkpointing()) {
                    blocks.get(i).recompute(a, rows.all, t.buffers.normed);
                }
                blocks.get(i).backward(a, rows.all, t.buffers, dInput);
                announceBlock(i, onFinal);
            }
            if (adapter == null || prompt != null) {
                embedding.backward(dInput, batch.ids(), rows.all.positions(), prompts(batch));
            }
        } else {
            announceHead(onFinal);
            for (int i = blocks.size() - 1; i >= 0; i--) {
                announceBlock(i, onFinal);
            }
        }
        announceEmbedding(onFinal);
        return loss;
    }

    /** {@code log p(target)} for each of the batch's targets. */
    public double[] logProbs(PackedBatch batch) {
        return score(batch).logProbs();
    }

    /** How likely each of the batch's targets is, and whether it is the most likely token. */
    public TargetScores score(PackedBatch given) {
        PackedBatch batch = checked(given);
        if (batch.targets().length == 0) {
            return new TargetScores(new double[0], new boolean[0]);
        }
        BatchRows rows = rows(batch, null);
        INDArray stream = forward(batch, rows);
        return head.score(stream, rows.last.outputRows(batch.lossPositions()), batch.targets());
    }

    /** {@code [targets, vocab]}: the logits at the batch's loss positions, valid until the next call. */
    public INDArray logits(PackedBatch given) {
        PackedBatch batch = checked(given);
        if (batch.lossPositions().length == 0) {
            throw new IllegalArgumentException("a batch without loss positions has no logits");
        }
        BatchRows rows = rows(batch, null);
        INDArray stream = forward(batch, rows);
        return head.logits(stream, rows.last.outputRows(batch.lossPositions()));
    }

    /** An empty cache for as many sequences of at most {@code maxTokens} tokens each. */
    public KvCache newCache(int sequences, int maxTokens) {
        return new KvCache(config, kernels, sequences, maxTokens, promptTokens);
    }

    /**
     * Reads new tokens of each sequence and predicts the next: what a whole forward pass over each sequence would give at
     * its last token, without computing the earlier ones again.
     *
     * @param newIds {@code [sequences][0..n]}: the tokens to append; a sequence with none costs nothing
     * @return {@code [sequences, vocab]}, valid until the next call; without meaning for a sequence that got no tokens
     */
    public INDArray step(KvCache cache, int[][] newIds) {
        requireOpen();
        if (newIds.length != cache.sequences()) {
            throw new IllegalArgumentException(
                    "new tokens for " + newIds.length + " sequences, but the cache holds " + cache.sequences());
        }
        int[] queryStarts = new int[newIds.length + 1];
        int[] keyStarts = new int[newIds.length];
        int[] keyCounts = new int[newIds.length];
        int[] prompts = new int[newIds.length];
        int prompted = 0;
        for (int s = 0; s < newIds.length; s++) {
            int length = cache.length(s) + newIds[s].length;
            if (length > cache.maxTokens()) {
                throw new IllegalArgumentException("sequence " + s + " would have " + length
                        + " tokens, but the cache has room for " + cache.maxTokens());
            }
            int before = cache.rows(s);
            int rows = newIds[s].length;
            if (before == 0 && rows > 0 && prompt != null) {
                rows += promptTokens;
                prompts[prompted++] = queryStarts[s];
            }
            queryStarts[s + 1] = queryStarts[s] + rows;
            keyStarts[s] = cache.slot(s);
            keyCounts[s] = before + rows;
        }
        int tokens = queryStarts[newIds.length];
        if (tokens == 0) {
            throw new IllegalArgumentException("a step needs a new token for at least one sequence");
        }
        int[] ids = new int[tokens];
        int[] positions = new int[tokens];
        int[] newRows = new int[tokens];
        int[] lastRows = new int[newIds.length];
        for (int s = 0; s < newIds.length; s++) {
            int before = cache.rows(s);
            for (int row = queryStarts[s]; row < queryStarts[s + 1]; row++) {
                positions[row] = before + row - queryStarts[s];
                newRows[row] = cache.slot(s) + positions[row];
            }
            System.arraycopy(newIds[s], 0, ids, queryStarts[s + 1] - newIds[s].length, newIds[s].length);
            lastRows[s] = Math.max(0, queryStarts[s + 1] - 1);
        }
        checkIds("id", ids);
        reach(promptTokens + cache.maxTokens());
        BlockRows rows = BlockRows.all(positions, new AttentionSpans(queryStarts, keyStarts, keyCounts), null);
        passing.resize(rows, stream.rows(rows.tokens()));
        embedding.forward(ids, positions, Arrays.copyOf(prompts, prompted), passing.input);
        for (int i = 0; i < blocks.size(); i++) {
            blocks.get(i).forward(passing, rows, cache.block(i, newRows), passing.input);
        }
        for (int s = 0; s < newIds.length; s++) {
            cache.append(s, newIds[s].length);
        }
        return head.logits(passing.input, lastRows);
    }

    /** The residual stream behind the last block: {@code [queries of the last block, hidden]}. */
    private INDArray forward(PackedBatch batch, BatchRows rows) {
        passing.resize(rows.all, stream.rows(rows.all.tokens()));
        embedding.forward(batch.ids(), rows.all.positions(), prompts(batch), passing.input);
        for (Block block : blocks.subList(0, blocks.size() - 1)) {
            block.forward(passing, rows.all, null, passing.input);
        }
        passing.resize(rows.last, passing.input);
        INDArray output = passing.output();
        blocks.get(blocks.size() - 1).forward(passing, rows.last, null, output);
        return output;
    }

    /** Rows of the last block, and of all others. */
    private record BatchRows(BlockRows all, BlockRows last) {}

    private BatchRows rows(PackedBatch batch, long[] exampleKeys) {
        int[] positions = new int[batch.tokens()];
        long[] keys = exampleKeys == null ? null : new long[batch.tokens()];
        int longest = 0;
        for (int e = 0; e < batch.examples(); e++) {
            int start = batch.starts()[e];
            int end = batch.starts()[e + 1];
            for (int i = start; i < end; i++) {
                positions[i] = i - start;
                if (keys != null) {
                    keys[i] = CounterRandom.key(exampleKeys[e], positions[i]);
                }
            }
            longest = Math.max(longest, end - start);
        }
        reach(longest);
        return new BatchRows(
                BlockRows.all(positions, AttentionSpans.packed(batch.starts()), keys),
                BlockRows.fromFirstLossToLast(batch, positions, keys));
    }

    private void reach(int positions) {
        if (rotary != null) {
            rotary.reach(positions);
        }
    }

    /** The batch as the blocks see it: with places for the prompt. */
    private PackedBatch checked(PackedBatch batch) {
        check(batch);
        return prompt == null ? batch : batch.withRoom(promptTokens);
    }

    /** The rows where the prompt begins. */
    private int[] prompts(PackedBatch batch) {
        return prompt == null ? new int[0] : Arrays.copyOf(batch.starts(), batch.examples());
    }

    private void check(PackedBatch batch) {
        requireOpen();
        if (batch.tokens() == 0) {
            throw new IllegalArgumentException("a batch needs at least one token");
        }
        for (int e = 0; e < batch.examples(); e++) {
            int length = batch.starts()[e + 1] - batch.starts()[e];
            if (length > maxTokens()) {
                throw new IllegalArgumentException("example " + e + " of the batch has " + length
                        + " tokens, but there is room for " + maxTokens() + " (max_position_embeddings)");
            }
        }
        checkIds("id", batch.ids());
        checkIds("target", batch.targets());
    }

    /** Native memory that was freed would be read without a word. */
    private void requireOpen() {
        if (parameters.wasClosed()) {
            throw new IllegalStateException("the decoder, or the base of its adapter, was closed");
        }
    }

    private void checkIds(String what, int[] ids) {
        for (int id : ids) {
            if (id < 0 || id >= config.vocabSize()) {
                throw new IllegalArgumentException(
                        what + " " + id + " is not in the model's vocabulary of " + config.vocabSize());
            }
        }
    }

    private void announceHead(BlockListener onFinal) {
        List<long[]> slices = trainedLayout().blocks();
        announce(slices.get(slices.size() - 1)[1], trainedLayout().length(), onFinal);
    }

    private void announceBlock(int block, BlockListener onFinal) {
        long[] slice = trainedLayout().blocks().get(block);
        announce(slice[0], slice[1], onFinal);
    }

    private void announceEmbedding(BlockListener onFinal) {
        announce(0, trainedLayout().blocks().get(0)[0], onFinal);
    }

    private static void announce(long from, long to, BlockListener onFinal) {
        if (from < to) {
            onFinal.onFinal(from, to);
        }
    }

    private Training training() {
        if (training == null) {
            if (adapter == null && isFrozen()) {
                throw new IllegalStateException(
                        "weights that are kept in BFLOAT16 are not trained, only an adapter on them");
            }
            own.add(kernels.allocate(trainedLayout().length()));
            training = new Training(own.get(own.size() - 1));
        }
        return training;
    }

    /**
     * Frees at once what is large: the parameters, unless they were given to the decoder, and the gradients. Nothing of it may be in
     * use, by a decoder made of this one by {@link #with} neither. Working memory, and adapters, stay until Java collects its garbage.
     */
    @Override
    public void close() {
        own.forEach(INDArray::close);
        own.clear();
        if (rotary != null) {
            rotary.close();
        }
        if (adapter == null) {
            kernels.close();
        }
    }

    /** What only training needs: gradients, and activations. */
    private final class Training {
        /** The first block whose backward pass reaches something that is trained. */
        final int first;

        final INDArray gradients;
        final KeptActivations kept;
        final BackwardBuffers buffers = new BackwardBuffers(config, kernels);
        final BackwardBuffers lastBuffers = new BackwardBuffers(config, kernels);

        Training(INDArray gradients) {
            this.gradients = gradients;
            TensorViews tensors = new TensorViews(gradients, trainedLayout());
            if (adapter == null) {
                embedding.trainInto(tensors);
                blocks.forEach(block -> block.trainInto(tensors));
                head.trainInto(tensors);
            } else {
                adapted.forEach(map -> map.trainInto(tensors));
                if (prompt != null) {
                    prompt.trainInto(tensors);
                }
            }
            first = trainedLayout().firstBlock();
            kept = new KeptActivations(config, kernels, first, checkpointing);
        }

        /** Keeps what the gradient needs of each block; returns the residual stream behind the last. */
        INDArray forward(PackedBatch batch, BatchRows rows) {
            int last = blocks.size() - 1;
            buffers.resize(rows.all);
            lastBuffers.resize(rows.last);
            embedding.forward(batch.ids(), rows.all.positions(), prompts(batch), kept.input(0, rows.all));
            for (int i = 0; i < last; i++) {
                blocks.get(i).forward(kept.of(i, rows.all), rows.all, null, kept.input(i + 1, rows.all));
            }
            BlockActivations a = kept.of(last, rows.last);
            INDArray output = a.output();
            blocks.get(last).forward(a, rows.last, null, output);
            return output;
        }
    }
}
