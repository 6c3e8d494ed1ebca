package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code train}: transformers' names and, where it has one, its defaults. */
public record TrainSettings(
        @Setting(
                help =
                        "What is trained: all weights, or a LoRA adapter beside them, which is also written to OUTPUT/adapter.",
                byDefault = "full",
                oneOf = {"full", "lora"})
        String method,

        @Setting(
                help =
                        "TASK of the data to train on, or TASK@URI of another prepared data set; empty takes all of the data.")
        List<String> tasks,

        @Setting(help = "At most so many training examples, drawn by seed.", min = 1)
        Integer maxTrainSamples,

        @Setting(help = "At most so many validation examples, drawn by seed.", min = 1)
        Integer maxEvalSamples,

        @Setting(help = "Passes over the data.", byDefault = "1", min = 0)
        double numTrainEpochs,

        @Setting(help = "Updates; overrides the passes.", min = 1)
        Integer maxSteps,

        @Setting(help = "Examples of one update.", byDefault = "32", min = 1)
        int globalBatchSize,

        @Setting(
                help =
                        "Examples of one forward pass at most; each worker cuts its part of the global batch into as many.",
                min = 1)
        Integer microBatchSize,

        @Setting(
                help =
                        "Whether only the input of each block is kept for the gradient and the rest computed again: less memory, about a third more time, the same bits.",
                byDefault = "false",
                operational = true)
        boolean gradientCheckpointing,

        @Setting(help = "Highest learning rate.", byDefault = "5.0e-4", min = 0)
        double learningRate,

        @Setting(
                help = "Schedule after the warm-up.",
                byDefault = "cosine",
                oneOf = {"constant", "linear", "cosine"})
        String lrSchedulerType,

        @Setting(help = "Updates of linear warm-up; overrides the ratio.", min = 0)
        Integer warmupSteps,

        @Setting(help = "Share of the updates that warm up.", byDefault = "0.03", min = 0, max = 1)
        double warmupRatio,

        @Setting(help = "Decoupled weight decay of matrices.", byDefault = "0.0", min = 0)
        double weightDecay,

        @Setting(help = "AdamW's beta1.", byDefault = "0.9", min = 0, max = 1)
        double adamBeta1,

        @Setting(help = "AdamW's beta2.", byDefault = "0.999", min = 0, max = 1)
        double adamBeta2,

        @Setting(help = "AdamW's epsilon.", byDefault = "1.0e-8", min = 0)
        double adamEpsilon,

        @Setting(help = "Global norm to which gradients are clipped; 0 clips nothing.", byDefault = "1.0", min = 0)
        double maxGradNorm,

        @Setting(help = "Longest example in tokens.", byDefault = "512", min = 2)
        int maxLength,

        @Setting(
                help =
                        "What happens to longer ones: skip leaves them out; truncate_prompt drops the prompt's oldest tokens (from the left, but for the token that begins every sequence), never the completion or its end, and leaves out what does not fit even so; error ends the job.",
                byDefault = "skip",
                oneOf = {"skip", "truncate_prompt", "error"})
        String onLong,

        @Setting(help = "Updates between evaluations; without it once an epoch.", min = 1)
        Integer evalSteps,

        @Setting(help = "Updates between checkpoints; without it at every evaluation.", min = 1)
        Integer saveSteps,

        @Setting(help = "Checkpoints kept, the best one apart.", byDefault = "2", min = 1)
        int saveTotalLimit,

        @Setting(help = "Whether the model of the best eval_loss is exported, not the last.", byDefault = "true")
        boolean loadBestModelAtEnd,

        @Setting(
                help =
                        "Ends the run after so many evaluations in a row whose eval_loss is not below the lowest before by more than the threshold; without it all updates are done.",
                min = 1)
        Integer earlyStoppingPatience,

        @Setting(help = "What an eval_loss must fall by to count for early_stopping_patience.", min = 0)
        Double earlyStoppingThreshold,

        @Setting(help = "Updates between lines of training.jsonl.", byDefault = "10", min = 1)
        int loggingSteps,

        @Setting(help = "Seed of order and dropout.", byDefault = "42")
        long seed,

        @Setting(
                help =
                        "Executors that share every update; without it spark.executor.instances, or spark.cores.max / spark.executor.cores; 1 in one JVM.",
                min = 1,
                operational = true)
        Integer workers,

        @Setting(
                help = "Seconds to wait for so many executors, at the start and after one was lost.",
                byDefault = "60",
                min = 1,
                operational = true)
        int slotsTimeout) {}
