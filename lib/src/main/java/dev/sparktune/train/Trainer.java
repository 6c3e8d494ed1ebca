package dev.sparktune.train;

import dev.sparktune.model.BlockListener;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.TargetScores;
import dev.sparktune.token.BatchDealer;
import dev.sparktune.token.EpochOrder;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a decoder. Update s takes the next {@code global_batch_size} examples of the seeded order, in micro-batches whose
 * gradients add up to that of the one large batch, clips, and steps AdamW. Now and then it evaluates, logs and writes a
 * checkpoint; started again over the same checkpoints it goes on from the newest, to the same weights bit for bit as if it
 * had never stopped (same options, data, processor type and thread count).
 *
 * <p>One trainer, one run; not for use by several threads.
 */
public final class Trainer {
    private final Decoder decoder;
    private final TokenShards train;
    private final TokenShards validation;
    private final TrainOptions options;
    private final Checkpoints checkpoints;
    private final Evaluation.Sampler sampler;
    private final TrainingListener listener;

    private final EpochOrder order;
    private final BatchDealer dealer;
    private final LearningRateSchedule schedule;
    private final long totalExamples;
    private final int totalSteps;
    private final String identity;

    private TrainingState state = TrainingState.START;
    private Evaluation lastEvaluation;
    private int lastCheckpoint = -1;
    private long windowTokens;
    private double windowSeconds;

    /**
     * @param decoder with the parameters to start from; trained in place
     * @param train the examples to learn, at least one
     * @param validation the examples to evaluate on; empty for no evaluation
     */
    public Trainer(
            Decoder decoder,
            TokenShards train,
            TokenShards validation,
            TrainOptions options,
            Checkpoints checkpoints,
            Evaluation.Sampler sampler,
            TrainingListener listener) {
        if (train.size() == 0) {
            throw new IllegalArgumentException("there is no example to train on");
        }
        this.decoder = decoder;
        this.train = train;
        this.validation = validation;
        this.options = options;
        this.checkpoints = checkpoints;
        this.sampler = sampler;
        this.listener = listener;
        this.order = new EpochOrder(options.seed(), train.size());
        this.dealer = new BatchDealer(1, options.microBatchSize());
        this.totalExamples = options.totalExamples(train.size());
        this.totalSteps = options.totalSteps(train.size());
        this.schedule = options.schedule(train.size());
        this.identity = options.identity() + " " + train.size() + " examples of " + train.tokens() + " tokens, "
                + decoder.layout().length() + " parameters";
    }

    /**
     * What a run came to.
     *
     * @param steps updates of the whole run
     * @param epochs passes over the training examples
     * @param trainLoss mean over the completion tokens of all updates, each at its time
     * @param numInputTokensSeen prompts included
     * @param best the update with the lowest validation loss; null without validation
     * @param last the last evaluation of this process; null where there was none
     */
    public record Result(
            int steps,
            double epochs,
            double trainLoss,
            long numInputTokensSeen,
            TrainingState.Best best,
            Evaluation last) {}

    /**
     * Trains to the end. The decoder then has the last update's parameters; {@link #restoreBest} gets the best.
     *
     * @throws TrainingDivergedException when a loss or a gradient is not finite
     */
    public Result run() throws IOException {
        try (AdamW optimizer = new AdamW(
                decoder.kernels(),
                decoder.layout(),
                options.adamBeta1(),
                options.adamBeta2(),
                options.adamEpsilon(),
                options.weightDecay())) {
            checkpoints
                    .restore(identity, decoder.parameters(), optimizer, listener::onWarning)
                    .ifPresent(restored -> {
                        state = restored;
                        lastCheckpoint = restored.step();
                    });
            listener.onStart(state.step(), totalSteps);
            while (state.step() < totalSteps) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("training was interrupted after update " + state.step());
                }
                update(optimizer);
                boolean last = state.step() == totalSteps;
                if (validation.size() > 0 && (last || due(options.evalSteps()))) {
                    evaluate();
                }
                if (last || due(options.saveSteps())) {
                    checkpoints.save(identity, state, decoder.parameters(), optimizer);
                    lastCheckpoint = state.step();
                    listener.onCheckpoint(lastCheckpoint);
                }
            }
        }
        return new Result(
                state.step(),
                epoch(),
                state.trainLoss() / state.trainTargets(),
                state.numInputTokensSeen(),
                state.best(),
                lastEvaluation);
    }

    /** Gives the decoder the parameters of the lowest validation loss; without one nothing changes. */
    public void restoreBest() throws IOException {
        if (state.best() != null) {
            checkpoints.restoreBest(state.best(), decoder.parameters());
        }
    }

    private void update(AdamW optimizer) {
        long started = System.nanoTime();
        List<TokenizedExample> examples = nextExamples();
        long tokens = examples.stream().mapToLong(e -> e.ids().length).sum();
        int targets = examples.stream().mapToInt(TokenizedExample::targets).sum();
        if (targets == 0) {
            throw new IllegalArgumentException("none of the " + examples.size() + " examples of update "
                    + (state.step() + 1) + " has a completion token to learn");
        }
        decoder.zeroGradients();
        double loss = 0;
        for (PackedBatch micro : microBatches(examples)) {
            loss += decoder.forwardBackward(micro, 1.0 / targets, BlockListener.NONE);
        }
        INDArray gradients = decoder.gradients();
        double gradNorm = optimizer.norm(gradients);
        double learningRate = schedule.at(state.step());
        int step = state.step() + 1;
        if (!Double.isFinite(loss) || !Double.isFinite(gradNorm)) {
            throw new TrainingDivergedException(
                    step,
                    loss / targets,
                    gradNorm,
                    learningRate,
                    lastCheckpoint < 0 ? null : checkpoints.path(lastCheckpoint));
        }
        double clipFactor = AdamW.clipFactor(gradNorm, options.maxGradNorm());
        optimizer.update(decoder.parameters(), gradients, clipFactor, learningRate, step);

        double seconds = (System.nanoTime() - started) / 1e9;
        state = state.afterUpdate(tokens, loss, targets);
        windowTokens += tokens;
        windowSeconds += seconds;
        listener.onUpdate(
                new TrainingListener.Update(step, totalSteps, loss / targets, gradNorm, learningRate, tokens, seconds));
        if (step == totalSteps || due(options.loggingSteps())) {
            listener.onLog(new TrainingListener.LogLine(
                    step,
                    epoch(),
                    state.windowLoss() / state.windowTargets(),
                    gradNorm,
                    learningRate,
                    state.numInputTokensSeen(),
                    windowTokens / windowSeconds));
            state = state.withNewWindow();
            windowTokens = 0;
            windowSeconds = 0;
        }
    }

    /** The next {@code global_batch_size} examples; an update may reach into the next epoch, the run's last may be smaller. */
    private List<TokenizedExample> nextExamples() {
        long from = (long) state.step() * options.globalBatchSize();
        long to = Math.min(from + options.globalBatchSize(), totalExamples);
        List<TokenizedExample> examples = new ArrayList<>();
        for (long i = from; i < to; i++) {
            examples.add(train.get(order.at(i / train.size(), i % train.size())));
        }
        return examples;
    }

    private List<PackedBatch> microBatches(List<TokenizedExample> examples) {
        int[] lengths = examples.stream().mapToInt(e -> e.ids().length).toArray();
        List<PackedBatch> micros = new ArrayList<>();
        for (int[] places : dealer.deal(lengths)[0]) {
            List<TokenizedExample> micro = new ArrayList<>();
            for (int place : places) {
                micro.add(examples.get(place));
            }
            micros.add(PackedBatch.of(micro));
        }
        return micros;
    }

    private void evaluate() throws IOException {
        long started = System.nanoTime();
        double loss = 0;
        long targets = 0;
        long greedyTargets = 0;
        long greedyExamples = 0;
        for (long from = 0; from < validation.size(); from += options.microBatchSize()) {
            List<TokenizedExample> examples = new ArrayList<>();
            for (long i = from; i < Math.min(from + options.microBatchSize(), validation.size()); i++) {
                examples.add(validation.get(i));
            }
            TargetScores scores = decoder.score(PackedBatch.of(examples));
            int at = 0;
            for (TokenizedExample example : examples) {
                int correct = 0;
                for (int end = at + example.targets(); at < end; at++) {
                    loss -= scores.logProbs()[at];
                    correct += scores.greedy()[at] ? 1 : 0;
                }
                targets += example.targets();
                greedyTargets += correct;
                greedyExamples += correct == example.targets() ? 1 : 0;
            }
        }
        double evalLoss = loss / targets;
        if (Double.isFinite(evalLoss)
                && (state.best() == null || evalLoss < state.best().evalLoss())) {
            state = state.withBest(new TrainingState.Best(state.step(), evalLoss));
            checkpoints.saveBest(identity, state, decoder.parameters());
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        lastEvaluation = new Evaluation(
                state.step(),
                epoch(),
                evalLoss,
                (double) greedyExamples / validation.size(),
                (double) greedyTargets / targets,
                seconds,
                sampler.sample());
        listener.onEvaluation(lastEvaluation);
    }

    private boolean due(int every) {
        return every > 0 && state.step() % every == 0;
    }

    private double epoch() {
        return (double) Math.min((long) state.step() * options.globalBatchSize(), totalExamples) / train.size();
    }
}
