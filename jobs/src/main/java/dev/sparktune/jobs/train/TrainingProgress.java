package dev.sparktune.jobs.train;

import dev.sparktune.progress.Progress;
import dev.sparktune.train.Evaluation;
import dev.sparktune.train.TrainingListener;
import java.util.Locale;

/** Shows a run on standard error: updates done of all, rate, time left, loss; and each evaluation with its samples. */
final class TrainingProgress implements TrainingListener, AutoCloseable {
    private static final int SHOWN = 48;

    private final String job;
    private Progress progress;

    TrainingProgress(String job) {
        this.job = job;
    }

    @Override
    public void onStart(int doneSteps, int totalSteps) {
        if (doneSteps > 0) {
            System.err.println(job + ": going on from the checkpoint of update " + doneSteps);
        }
        close(); // of an attempt that lost a worker
        progress = Progress.resume(job, doneSteps, totalSteps, "updates");
    }

    @Override
    public void onUpdate(Update update) {
        progress.advance(
                1,
                String.format(
                        Locale.ROOT, "loss %.3f  %,.0f tokens/s", update.loss(), update.tokens() / update.seconds()));
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        System.err.printf(
                Locale.ROOT,
                "%n%s: update %,d: eval_loss %.4f, eval_accuracy %.3f, eval_mean_token_accuracy %.3f%n",
                job,
                evaluation.step(),
                evaluation.evalLoss(),
                evaluation.evalAccuracy(),
                evaluation.evalMeanTokenAccuracy());
        for (Evaluation.Sample sample : evaluation.samples()) {
            System.err.println("  " + shortened(sample.prompt()) + " → " + shortened(sample.completion())
                    + "   (label: " + shortened(sample.label()) + ")");
        }
    }

    @Override
    public void onPause(Evaluation evaluation) {
        onEvaluation(evaluation);
    }

    @Override
    public void onWarning(String message) {
        System.err.println(job + ": warning: " + message);
    }

    /** In one line: the beginning and, as a prompt's question comes last, the end. */
    private static String shortened(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= 2 * SHOWN
                ? line
                : line.substring(0, SHOWN) + " … " + line.substring(line.length() - SHOWN);
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
