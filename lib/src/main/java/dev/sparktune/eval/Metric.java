package dev.sparktune.eval;

/**
 * A figure over some of a set's examples, given by their positions in the arrays that the metric was made from; a
 * bootstrap passes positions more than once.
 */
@FunctionalInterface
public interface Metric {
    double over(int[] examples);

    /** Mean of a value per example: accuracy and exact match (1 or 0 each), ROUGE-L. */
    static Metric mean(double[] values) {
        return examples -> {
            double sum = 0;
            for (int example : examples) {
                sum += values[example];
            }
            return sum / examples.length;
        };
    }

    /** {@link ConfusionMatrix#macroF1()} of classes {@code 0 .. classes - 1}. */
    static Metric macroF1(int[] labels, int[] predictions, int classes) {
        return examples ->
                ConfusionMatrix.over(examples, labels, predictions, classes).macroF1();
    }

    /**
     * exp of the mean negative log-likelihood per token: of all tokens together, so that long completions weigh more.
     *
     * @param nll {@code [examples]}: sum of -log p over the tokens of an example's completion, natural logarithm
     * @param tokens {@code [examples]}: how many tokens that sum is over
     */
    static Metric perplexity(double[] nll, int[] tokens) {
        return examples -> {
            double sum = 0;
            long count = 0;
            for (int example : examples) {
                sum += nll[example];
                count += tokens[example];
            }
            return Math.exp(sum / count);
        };
    }
}
