package dev.sparktune.train;

import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** A loss, a gradient or a weight that is not a finite number: going on would only destroy the weights. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Told again by another JVM than the one that trained. */
    public TrainingDivergedException(String message) {
        super(message);
    }

    private TrainingDivergedException(String what, Path lastGood) {
        super(what + ". The last good checkpoint is " + (lastGood == null ? "none" : lastGood)
                + ", and everything written so far stays. A smaller train.learning_rate, more warm-up or a smaller"
                + " train.max_grad_norm may help");
    }

    /**
     * An update that was not applied.
     *
     * @param weight name of a tensor that was not finite before; empty where all were
     * @param gradient name of the tensor whose gradient, of those that are not finite, backward reached first
     */
    static TrainingDivergedException update(
            int step,
            double loss,
            double gradNorm,
            double learningRate,
            Optional<String> weight,
            Optional<String> gradient,
            Path lastGood) {
        String where = weight.map(name -> "the weights of " + name + " were not finite before")
                .or(() -> gradient.map(
                        name -> "the first gradient that is not finite, in the order of backward, is that of " + name))
                .orElse("every gradient is finite, but their norm is not");
        return new TrainingDivergedException(
                "update " + step + " gives loss " + loss + " and gradient norm " + gradNorm + " at learning rate "
                        + learningRate + ", so training stops before they reach the weights; " + where,
                lastGood);
    }

    static TrainingDivergedException evaluation(int step, double evalLoss, Path lastGood) {
        return new TrainingDivergedException(
                "the evaluation after update " + step + " gives loss " + evalLoss, lastGood);
    }

    static TrainingDivergedException weights(int step, String tensor, Path lastGood) {
        return new TrainingDivergedException(
                "after update " + step + " the weights of " + tensor
                        + " are not finite, so no checkpoint of it is written",
                lastGood);
    }
}
