package dev.sparktune.train;

import dev.sparktune.model.DecoderConfig;
import dev.sparktune.model.ParameterLayout;
import dev.sparktune.model.PeftMethod;
import dev.sparktune.model.WorkingMemory;
import dev.sparktune.model.kernel.Kernels;
import dev.sparktune.token.ExampleLengths;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * What a run will do and need, from its options and the lengths of its examples alone. Every update is dealt as the trainer will
 * deal it; of the workers the first is followed, whose share is no smaller than another's but for chance.
 *
 * @param parameters of the model and its adapter
 * @param trained of them
 * @param steps updates
 * @param tokens of all updates, all workers' together
 * @param largestMicroBatch tokens of the longest forward and backward pass
 * @param evaluations of the validation examples
 * @param validationTokens of one evaluation, all workers' together
 * @param memory of a worker
 */
public record RunForecast(
        long parameters,
        long trained,
        int steps,
        long tokens,
        int largestMicroBatch,
        int evaluations,
        long validationTokens,
        MemoryForecast memory) {

    /** Tokens that a sample may have beside the prompt; see {@link Evaluation.Sampler}. */
    private static final int SAMPLE_TOKENS = 32;

    /**
     * @param kernels whose type the decoder will compute in
     * @param baseType that its weights are kept in: the kernels', or BFLOAT16
     * @param method of the adapter that is trained; null: all parameters are
     * @param gradientCheckpointing whether activations are computed again
     */
    public static RunForecast of(
            DecoderConfig config,
            Kernels kernels,
            DataType baseType,
            PeftMethod method,
            TrainOptions options,
            int workers,
            boolean gradientCheckpointing,
            ExampleLengths train,
            ExampleLengths validation) {
        WorkingMemory working = new WorkingMemory(config, kernels, method, gradientCheckpointing);
        Updates updates = new Updates(train, options, workers);
        int steps = options.totalSteps(train.size());
        int evalSteps = options.evalSteps() == 0 ? steps : options.evalSteps();
        long tokens = 0;
        int largest = 0;
        for (int step = 0; step < steps; step++) {
            Updates.Update update = updates.after(step);
            tokens += update.tokens();
            for (int[] micro : updates.microBatches(update, 0)) {
                largest = Math.max(largest, train(working, train, update, micro));
            }
            if (validation.size() > 0 && step + 1 == Math.min(steps, evalSteps)) {
                evaluate(working, validation, options.microBatchSize(), workers); // later ones need no more
            }
        }
        long base = ParameterLayout.of(config).length();
        long added = method == null ? 0 : method.layout().length();
        long trained = method == null ? base : added;
        return new RunForecast(
                base + added,
                trained,
                steps,
                tokens,
                largest,
                validation.size() == 0 ? 0 : (steps + evalSteps - 1) / evalSteps,
                tokens(validation),
                MemoryForecast.of(
                        MemoryForecast.weights(config, kernels, baseType) + added * Float.BYTES,
                        trained,
                        workers,
                        working.bytes()));
    }

    /** The tokens of a micro-batch. */
    private static int train(WorkingMemory working, ExampleLengths train, Updates.Update update, int[] micro) {
        int tokens = 0;
        int targets = 0;
        int longest = 0;
        for (int place : micro) {
            tokens += update.lengths()[place];
            targets += train.targets(update.indices()[place]);
            longest = Math.max(longest, update.lengths()[place]);
        }
        working.train(micro.length, tokens, targets, longest);
        return tokens;
    }

    private static void evaluate(WorkingMemory working, ExampleLengths validation, int micro, int workers) {
        int longestOfAll = 0;
        for (long from = 0; from < validation.size(); from += (long) workers * micro) {
            int tokens = 0;
            int targets = 0;
            int longest = 0;
            int examples = (int) Math.min(micro, validation.size() - from);
            for (long i = from; i < from + examples; i++) {
                tokens += validation.length(i);
                targets += validation.targets(i);
                longest = Math.max(longest, validation.length(i));
            }
            working.score(examples, tokens, targets, longest);
            longestOfAll = Math.max(longestOfAll, longest);
        }
        working.generate(longestOfAll + SAMPLE_TOKENS);
    }

    private static long tokens(ExampleLengths examples) {
        long tokens = 0;
        for (long i = 0; i < examples.size(); i++) {
            tokens += examples.length(i);
        }
        return tokens;
    }

    /** How long the updates and evaluations will take, the exchange between workers aside. */
    public double seconds(Pace pace, int workers) {
        double own = (double) tokens / workers;
        double scored = (double) evaluations * validationTokens / workers;
        return own * pace.perToken() + steps * pace.perUpdate() + scored * pace.perScoredToken();
    }
}
