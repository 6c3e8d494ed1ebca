package dev.sparktune.train;

import org.apache.hadoop.fs.Path;

/** A loss or gradient that is not a finite number: going on would only destroy the weights. */
public final class TrainingDivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TrainingDivergedException(int step, double loss, double gradNorm, double learningRate, Path lastGood) {
        super("update " + step + " gives loss " + loss + " and gradient norm " + gradNorm + " at learning rate "
                + learningRate + ": training stops before they reach the weights. The last good checkpoint is "
                + (lastGood == null ? "none" : lastGood)
                + ". A smaller train.learning_rate, more warm-up or train.max_grad_norm may help");
    }
}
