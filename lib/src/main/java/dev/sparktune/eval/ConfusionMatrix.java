package dev.sparktune.eval;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How often each label was answered by each class.
 *
 * <p>Labels {@code [0, 0, 1, 2]} answered {@code [0, 1, 1, 1]} give
 *
 * <pre>
 *            answered 0  1  2
 * label 0  [[         1, 1, 0],
 *       1   [         0, 1, 0],
 *       2   [         0, 1, 0]]
 * </pre>
 *
 * <p>accuracy 2/4; F1 of the classes 2/3, 1/2 and 0; macro-F1 7/18.
 */
public final class ConfusionMatrix {
    private final long[][] counts;

    private ConfusionMatrix(int classes) {
        counts = new long[classes][classes];
    }

    /**
     * Counts every example once.
     *
     * @param labels {@code [examples]}: the true classes, in {@code 0 .. classes - 1}
     * @param predictions {@code [examples]}: the answers, in the same range
     */
    public static ConfusionMatrix of(int[] labels, int[] predictions, int classes) {
        if (labels.length != predictions.length) {
            throw new IllegalArgumentException("as many predictions as labels needed, but there are "
                    + predictions.length + " for " + labels.length);
        }
        return over(IntStream.range(0, labels.length).toArray(), labels, predictions, classes);
    }

    /** Of the examples at these positions; one that is named twice counts twice. */
    static ConfusionMatrix over(int[] examples, int[] labels, int[] predictions, int classes) {
        ConfusionMatrix matrix = new ConfusionMatrix(classes);
        for (int example : examples) {
            matrix.counts[within(labels[example], classes)][within(predictions[example], classes)]++;
        }
        return matrix;
    }

    private static int within(int label, int classes) {
        if (label < 0 || label >= classes) {
            throw new IllegalArgumentException("class must be in [0, " + classes + "), but is " + label);
        }
        return label;
    }

    /** {@code [classes][classes]}: row the label, column the answer. */
    public long[][] counts() {
        return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    }

    /** Share of examples answered by their label; NaN without examples. */
    public double accuracy() {
        long right = 0;
        for (int c = 0; c < counts.length; c++) {
            right += counts[c][c];
        }
        return right / (double) Arrays.stream(labelCounts()).sum();
    }

    /**
     * Mean of the classes' F1, each class weighing the same: {@code 2 tp / (2 tp + fp + fn)}, 0 for a class that is
     * neither label nor answer. As scikit-learn's {@code f1_score(average="macro", labels=all, zero_division=0)}.
     */
    public double macroF1() {
        long[] labels = labelCounts();
        long[] answers = answerCounts();
        double sum = 0;
        for (int c = 0; c < counts.length; c++) {
            long either = labels[c] + answers[c];
            sum += either == 0 ? 0 : 2.0 * counts[c][c] / either;
        }
        return sum / counts.length;
    }

    /** {@code [classes]}: how often each class is the label. */
    public long[] labelCounts() {
        return Arrays.stream(counts).mapToLong(row -> Arrays.stream(row).sum()).toArray();
    }

    /** {@code [classes]}: how often each class is the answer. */
    public long[] answerCounts() {
        return IntStream.range(0, counts.length)
                .mapToLong(c -> Arrays.stream(counts).mapToLong(row -> row[c]).sum())
                .toArray();
    }

    /** The commonest label, the first of equals: what a model reaches that always says the same. */
    public int majorityClass() {
        long[] labels = labelCounts();
        int best = 0;
        for (int c = 1; c < labels.length; c++) {
            if (labels[c] > labels[best]) {
                best = c;
            }
        }
        return best;
    }
}
