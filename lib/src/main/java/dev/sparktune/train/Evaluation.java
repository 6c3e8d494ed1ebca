package dev.sparktune.train;

import java.io.Serializable;
import java.util.List;

/**
 * What the model does on the validation examples, the right tokens given up to each position (teacher forcing).
 *
 * @param step updates done
 * @param epoch passes over the training data so far, a fraction
 * @param evalLoss mean of −log p over all completion tokens, in nats
 * @param evalAccuracy share of examples whose every completion token is the arg max: what greedy decoding would write
 * @param evalMeanTokenAccuracy share of completion tokens that are the arg max
 * @param seconds it took, samples left out
 * @param samples a few completions that the model wrote by itself
 */
public record Evaluation(
        int step,
        double epoch,
        double evalLoss,
        double evalAccuracy,
        double evalMeanTokenAccuracy,
        double seconds,
        List<Sample> samples)
        implements Serializable {
    public Evaluation {
        samples = List.copyOf(samples);
    }

    /** A completion beside the label it should be. */
    public record Sample(String prompt, String label, String completion) implements Serializable {}

    /** Writes the samples of an evaluation with the model as it then is; called on the thread that trains. */
    @FunctionalInterface
    public interface Sampler {
        Sampler NONE = List::of;

        List<Sample> sample();
    }
}
