package dev.sparktune.train;

import dev.sparktune.model.BlockListener;
import dev.sparktune.model.Decoder;
import dev.sparktune.model.TargetScores;
import dev.sparktune.model.kernel.CounterRandom;
import dev.sparktune.token.PackedBatch;
import dev.sparktune.token.TokenShards;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Trains a decoder, alone or as one of several workers that do the same on their own copy of it. Update s takes the next
 * {@code global_batch_size} examples of the seeded order, dealt to the workers and cut into micro-batches whose gradients add
 * up to that of the one large batch, clips, and steps AdamW. Now and then it evaluates, logs and writes a checkpoint; started
 * again over the same checkpoints it goes on from the newest, to the same weights bit for bit as if it had never stopped (same
 * options, data, processor type, number of workers and threads; with another number of workers, to rounding).
 *
 * <p>One trainer, one run; not for use by several threads.
 */
public final class Trainer {
    /** Updates from one comparison of the workers' parameters to the next. */
    private static final int COMPARED_EVERY = 10;

    private final Decoder decoder;
    private final TokenShards train;
    private final TokenShards validation;
    private final TrainOptions options;
    private final Checkpoints checkpoints;
    private final Evaluation.Sampler sampler;
    private final TrainingListener listener;
    private final Exchange exchange;

    private final Updates updates;
    private final LearningRateSchedule schedule;
    private final long totalExamples;
    private final int totalSteps;
    private final String identity;
    private final Finiteness finiteness;

    private int lastStep;
    private TrainingState state = TrainingState.START;
    private Evaluation lastEvaluation;
    private int lastCheckpoint = -1;
    private TrainingListener.Update lastUpdate;
    private long windowTokens;
    private double windowSeconds;

    /**
     * @param decoder with the parameters to start from; trained in place
     * @param train the examples to learn, at least one
     * @param validation the examples to evaluate on; empty for no evaluation
     * @param sampler asked on worker 0 only
     * @param listener told on worker 0 only
     * @param exchange bound to the decoder's vectors; {@link Exchange#ALONE} for a run of one worker
     */
    public Trainer(
            Decoder decoder,
            TokenShards train,
            TokenShards validation,
            TrainOptions options,
            Checkpoints checkpoints,
            Evaluation.Sampler sampler,
            TrainingListener listener,
            Exchange exchange) {
        if (train.size() == 0) {
            throw new IllegalArgumentException("there is no example to train on");
        }
        this.decoder = decoder;
        this.train = train;
        this.validation = validation;
        this.options = options;
        this.checkpoints = checkpoints;
        this.sampler = exchange.rank() == 0 ? sampler : Evaluation.Sampler.NONE;
        this.listener = exchange.rank() == 0 ? listener : TrainingListener.NONE;
        this.exchange = exchange;
        this.updates = new Updates(train, options, exchange.workers());
        this.totalExamples = options.totalExamples(train.size());
        this.totalSteps = options.totalSteps(train.size());
        this.schedule = options.schedule(train.size());
        this.identity = options.identity() + " " + train.size() + " examples of " + train.tokens() + " tokens, "
                + decoder.trainedLayout().length() + " parameters";
        this.finiteness = new Finiteness(decoder.trainedLayout(), decoder.kernels(), exchange);
    }

    /**
     * What a run came to.
     *
     * @param parameters that were trained
     * @param steps updates done
     * @param stoppedEarly whether that are fewer than were asked for, for {@link EarlyStopping}
     * @param epochs passes over the training examples
     * @param trainLoss mean over the completion tokens of all updates, each at its time
     * @param numInputTokensSeen prompts included
     * @param best the update with the lowest validation loss; null without validation
     * @param last the last evaluation of this process; null where there was none
     */
    public record Result(
            long parameters,
            int steps,
            boolean stoppedEarly,
            double epochs,
            double trainLoss,
            long numInputTokensSeen,
            TrainingState.Best best,
            Evaluation last)
            implements Serializable {}

    /**
     * Trains to the end. The decoder then has the last update's parameters; {@link #restoreBest} gets the best.
     *
     * @throws TrainingDivergedException when a loss, a gradient or a weight is not finite
     */
    public Result run() throws IOException {
        return runTo(totalSteps);
    }

    /**
     * Trains as {@link #run} does, but no further than update {@code step}: there it writes a checkpoint, from which a later run goes
     * on as if there had been no pause. How the model stands there is evaluated also where that is not due; such an evaluation is
     * neither the best nor counted for early stopping.
     */
    public Result runTo(int step) throws IOException {
        if (step < 1 || step > totalSteps) {
            throw new IllegalArgumentException(
                    "the last update must be from 1 to " + totalSteps + ", all of the run, but is " + step);
        }
        lastStep = step;
        try (AdamW optimizer = AdamW.of(
                decoder, options, exchange.slice(decoder.trainedLayout().length()))) {
            checkpoints
                    .restore(identity, decoder.trainedParameters(), optimizer, listener::onWarning)
                    .ifPresent(restored -> {
                        state = restored;
                        lastCheckpoint = restored.step();
                    });
            listener.onStart(state.step(), totalSteps);
            while (!finished()) {
                if (Thread.currentThread().isInterrupted()) {
                    throw new IllegalStateException("training was interrupted after update " + state.step());
                }
                update(optimizer);
                if (finished() || due(COMPARED_EVERY)) {
                    compareReplicas();
                }
                if (evaluationIsDue()) {
                    evaluate();
                    if (ended() && state.windowTargets() > 0) { // stopped early, between two lines
                        log();
                    }
                }
                if (finished() || due(options.saveSteps())) {
                    save(optimizer);
                }
            }
            if (validation.size() > 0 && !ended() && !evaluationIsDue()) {
                lastEvaluation = evaluation();
                listener.onPause(lastEvaluation);
            }
        }
        return new Result(
                decoder.trainedLayout().length(),
                state.step(),
                state.step() < lastStep,
                epoch(),
                state.trainLoss() / state.trainTargets(),
                state.numInputTokensSeen(),
                state.best(),
                lastEvaluation);
    }

    /** Gives the decoder the parameters of the lowest validation loss; without one nothing changes. */
    public void restoreBest() throws IOException {
        if (state.best() != null) {
            checkpoints.restoreBest(state.best(), decoder.trainedParameters());
        }
    }

    private void update(AdamW optimizer) {
        long started = System.nanoTime();
        Updates.Update examples = updates.after(state.step());
        int step = state.step() + 1;
        if (examples.targets() == 0) {
            throw new IllegalArgumentException("none of the " + examples.indices().length + " examples of update "
                    + step + " has a completion token to learn");
        }
        double ownLoss = forwardBackward(examples);
        exchange.sum();
        INDArray gradients = decoder.gradients();
        double loss = 0;
        double squaredNorm = 0;
        for (double[] record : exchange.share(ownLoss, optimizer.squaredNorm(gradients))) {
            loss += record[0];
            squaredNorm += record[1];
        }
        int targets = examples.targets();
        double gradNorm = Math.sqrt(squaredNorm);
        double learningRate = schedule.at(state.step());
        if (!Double.isFinite(loss) || !Double.isFinite(gradNorm)) {
            throw TrainingDivergedException.update(
                    step,
                    loss / targets,
                    gradNorm,
                    learningRate,
                    finiteness.lastTensorBroken(decoder.trainedParameters()),
                    finiteness.lastTensorBroken(gradients),
                    lastGood());
        }
        double clipFactor = AdamW.clipFactor(gradNorm, options.maxGradNorm());
        optimizer.update(decoder.trainedParameters(), gradients, clipFactor, learningRate, step);
        exchange.pull();

        long tokens = examples.tokens();
        double seconds = (System.nanoTime() - started) / 1e9;
        state = state.afterUpdate(tokens, loss, targets);
        windowTokens += tokens;
        windowSeconds += seconds;
        lastUpdate =
                new TrainingListener.Update(step, totalSteps, loss / targets, gradNorm, learningRate, tokens, seconds);
        listener.onUpdate(lastUpdate);
        if (state.step() == totalSteps || due(options.loggingSteps())) {
            log();
        }
    }

    private void log() {
        listener.onLog(new TrainingListener.LogLine(
                state.step(),
                epoch(),
                state.windowLoss() / state.windowTargets(),
                lastUpdate.gradNorm(),
                lastUpdate.learningRate(),
                state.numInputTokensSeen(),
                windowTokens / windowSeconds));
        state = state.withNewWindow();
        windowTokens = 0;
        windowSeconds = 0;
    }

    private void save(AdamW optimizer) throws IOException {
        Optional<String> broken = finiteness.lastTensorBroken(decoder.trainedParameters());
        if (broken.isPresent()) {
            throw TrainingDivergedException.weights(state.step(), broken.get(), lastGood());
        }
        listener.onCheckpointBegins(state.step());
        checkpoints.save(identity, state, decoder.trainedParameters(), optimizer);
        lastCheckpoint = state.step();
        listener.onCheckpoint(lastCheckpoint);
    }

    /** Null before the first. */
    private Path lastGood() {
        return lastCheckpoint < 0 ? null : checkpoints.path(lastCheckpoint);
    }

    /** Computes this worker's part and hands its gradient over; the sum of −log p over the part's targets. */
    private double forwardBackward(Updates.Update examples) {
        int[][] micros = updates.microBatches(examples, exchange.rank());
        double scale = 1.0 / examples.targets();
        long updateKey = CounterRandom.key(options.seed(), state.step());
        double loss = 0;
        decoder.zeroGradients();
        for (int m = 0; m < micros.length; m++) {
            List<TokenizedExample> micro = new ArrayList<>();
            long[] keys = new long[micros[m].length];
            for (int place : micros[m]) {
                keys[micro.size()] = CounterRandom.key(updateKey, place);
                micro.add(train.get(examples.indices()[place]));
            }
            boolean last = m == micros.length - 1; // only then is what backward announces final
            loss += decoder.forwardBackward(
                    PackedBatch.of(micro), keys, scale, last ? exchange::push : BlockListener.NONE);
        }
        if (micros.length == 0) {
            exchange.push(0, decoder.trainedLayout().length());
        }
        return loss;
    }

    private void compareReplicas() {
        if (exchange.workers() == 1) {
            return;
        }
        double[][] checksums = exchange.share((double) VectorChecksum.crc32c(decoder.trainedParameters()));
        for (double[] checksum : checksums) {
            if (checksum[0] != checksums[0][0]) {
                throw new ReplicasDifferException(state.step(), checksums);
            }
        }
    }

    private void evaluate() throws IOException {
        lastEvaluation = evaluation();
        state = state.afterEvaluation(lastEvaluation.evalLoss(), options.earlyStopping());
        if (state.best().step() == state.step()) {
            checkpoints.saveBest(identity, state, decoder.trainedParameters());
        }
        listener.onEvaluation(lastEvaluation);
    }

    private Evaluation evaluation() {
        long started = System.nanoTime();
        double loss = 0;
        double targets = 0;
        double greedyTargets = 0;
        double greedyExamples = 0;
        for (double[] record : exchange.share(scoreValidation())) {
            loss += record[0];
            targets += record[1];
            greedyTargets += record[2];
            greedyExamples += record[3];
        }
        double evalLoss = loss / targets;
        if (!Double.isFinite(evalLoss)) {
            throw TrainingDivergedException.evaluation(state.step(), evalLoss, lastGood());
        }
        double seconds = (System.nanoTime() - started) / 1e9;
        return new Evaluation(
                state.step(),
                epoch(),
                evalLoss,
                greedyExamples / validation.size(),
                greedyTargets / targets,
                seconds,
                sampler.sample());
    }

    /** Of every so many micro-batches one is this worker's: loss, targets, greedy targets, greedy examples of those. */
    private double[] scoreValidation() {
        int micro = options.microBatchSize();
        double loss = 0;
        long targets = 0;
        long greedyTargets = 0;
        long greedyExamples = 0;
        for (long from = (long) exchange.rank() * micro;
                from < validation.size();
                from += (long) exchange.workers() * micro) {
            List<TokenizedExample> examples = new ArrayList<>();
            for (long i = from; i < Math.min(from + micro, validation.size()); i++) {
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
        return new double[] {loss, targets, greedyTargets, greedyExamples};
    }

    /** For good, not for a pause. */
    private boolean ended() {
        return state.step() == totalSteps || options.earlyStopping().ends(state.evaluationsWithoutGain());
    }

    private boolean finished() {
        return state.step() >= lastStep || ended();
    }

    private boolean evaluationIsDue() {
        return validation.size() > 0 && (state.step() == totalSteps || due(options.evalSteps()));
    }

    private boolean due(int every) {
        return every > 0 && state.step() % every == 0;
    }

    private double epoch() {
        return (double) Math.min((long) state.step() * options.globalBatchSize(), totalExamples) / train.size();
    }
}
