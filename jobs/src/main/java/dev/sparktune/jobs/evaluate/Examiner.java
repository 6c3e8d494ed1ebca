package dev.sparktune.jobs.evaluate;

import dev.sparktune.generate.GenerateOptions;
import dev.sparktune.jobs.run.ExecutorProgress;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.progress.Progress;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Puts the examples of a task to the model on all executors. What a part holds depends on the examples alone: who shares a
 * forward pass shows in the last bits of a score, and these shall not depend on the number of executors.
 */
final class Examiner {
    /** A few forward passes' worth: long beside a task's start, short enough to share out and to show progress by. */
    private static final int EXAMPLES_PER_PART = 64;

    private final JobContext job;
    private final String modelUri;
    private final String adapterUri;
    private final EvaluateSettings settings;

    /** {@code adapterUri}: null for the model alone. */
    Examiner(JobContext job, String modelUri, String adapterUri) {
        this.job = job;
        this.modelUri = modelUri;
        this.adapterUri = adapterUri;
        this.settings = job.settings().evaluate();
    }

    /**
     * Answers every example of a task behind {@code shots} shots, in the order of the examples.
     *
     * @param examples as {@link TaskData#examples} reads them
     * @param pool has {@link ShotPool#requireEnough enough} for each
     */
    ModelUnderTest.Answered examine(String task, List<Row> examples, int shots, ShotPool pool) throws IOException {
        Asking asking = new Asking(
                task,
                byChoice(examples),
                shots,
                shots == 0 ? ShotPool.NONE : pool,
                written(shots),
                settings.normalizeChoices());
        JavaSparkContext context = new JavaSparkContext(job.spark().sparkContext());
        LongAccumulator boundaryMoved = job.spark().sparkContext().longAccumulator();
        String what = task + ", " + shots + (shots == 1 ? " shot" : " shots");
        try (ExecutorProgress progress =
                ExecutorProgress.start(context.sc(), Progress.start(what, examples.size(), "examples"))) {
            AnswerTask ask = new AnswerTask(
                    new SerializableConfiguration(job.outputFileSystem().getConf()),
                    modelUri,
                    settings.dtype(),
                    adapterUri,
                    asking,
                    progress.done(),
                    boundaryMoved);
            int parts = (examples.size() + EXAMPLES_PER_PART - 1) / EXAMPLES_PER_PART;
            JavaRDD<Row> answers = context.parallelize(examples, parts).mapPartitions(ask);
            return new ModelUnderTest.Answered(PredictionTable.collect(job.spark(), answers), boundaryMoved.value());
        }
    }

    /** As the first example says that can be asked. */
    private static boolean byChoice(List<Row> examples) {
        return examples.stream()
                .filter(TaskData::hasText)
                .findFirst()
                .map(TaskData::hasChoices)
                .orElse(false);
    }

    /** Behind shots an empty line ends the answer, as it ends each shot's. */
    private GenerateOptions written(int shots) {
        return new GenerateOptions(
                settings.maxNewTokens(), false, 1, 0, 1, shots == 0 ? List.of() : List.of("\n\n"), settings.seed());
    }
}
