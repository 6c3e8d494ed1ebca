package dev.sparktune.jobs;

import dev.sparktune.jobs.run.Job;
import dev.sparktune.jobs.run.JobContext;
import dev.sparktune.jobs.run.JobMain;
import dev.sparktune.jobs.run.JobResult;
import dev.sparktune.jobs.settings.Settings;
import dev.sparktune.jobs.train.TrainingRun;
import dev.sparktune.jobs.tune.SearchSpace;
import dev.sparktune.jobs.tune.Trial;
import dev.sparktune.jobs.tune.Tuning;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.SparkUserAppException;

/** Searches for settings of finetune by the validation split: OUTPUT/data → OUTPUT/tune, with best.yaml for finetune. */
public final class TuneJob {
    private static final Job JOB = new Job(
            "tune",
            "Tries settings of finetune, judged on the validation split: OUTPUT/data to OUTPUT/tune, a table, a plot and best.yaml.",
            Set.of("output", "data", "model", "train", "lora", "privacy.examples", "tune"),
            true,
            true,
            settings -> settings.output() + "/tune",
            TuneJob::inputs,
            TuneJob::check);

    private TuneJob() {}

    public static void main(String[] args) throws SparkUserAppException {
        JobMain.run(JOB, args, TuneJob::run);
    }

    private static List<String> inputs(Settings settings) {
        Set<String> inputs = new LinkedHashSet<>();
        SearchSpace.trials(settings).forEach(trial -> inputs.addAll(FinetuneJob.inputs(trial.settings())));
        return new ArrayList<>(inputs);
    }

    private static void check(Settings settings) {
        SearchSpace.trials(settings).forEach(trial -> FinetuneJob.check(trial.settings()));
    }

    private static JobResult run(JobContext job) throws Exception {
        TrainingRun.check(job);
        List<Trial> trials = SearchSpace.trials(job.settings());
        return new Tuning(job, trials, (trial, directory) -> {
                    JobContext own = new JobContext(
                            job.name(), job.spark(), trial.settings(), job.locations(), job.output(), job.resumed());
                    return FinetuneJob.tokenize(own, FinetuneJob.checkBase(own), directory);
                })
                .run();
    }
}
