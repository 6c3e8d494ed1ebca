package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code evaluate}: what is measured. */
public record EvaluateSettings(
        @Setting(help = "Name of the evaluation: OUTPUT/evaluate/NAME.", byDefault = "instruct")
        String name,

        @Setting(help = "Hugging Face directory to measure; without it OUTPUT/model.")
        String model,

        @Setting(
                help = "How its weights are held in memory; bfloat16 takes half, as model.dtype.",
                byDefault = "float32",
                oneOf = {"float32", "bfloat16"})
        String dtype,

        @Setting(
                help =
                        "PEFT adapter directory to put on the model, which is to be the adapter's base. Several, each as NAME@URI, share the base in memory; the report has a column for each, the differences are the first one's.")
        List<String> adapter,

        @Setting(help = "Earlier evaluation to compare with: its name or its directory.")
        String baseline,

        @Setting(help = "Further earlier evaluations shown beside the baseline, by name or directory; at most four.")
        List<String> compare,

        @Setting(help = "TASK of the data, or TASK@URI of another prepared data set; empty takes all of the data.")
        List<String> tasks,

        @Setting(help = "Split that is measured.", byDefault = "test")
        String split,

        @Setting(help = "Numbers of examples shown in the prompt.", byDefault = "[0]", min = 0)
        List<Integer> shots,

        @Setting(help = "Examples of each task, those of the lowest hash of the id.", min = 1)
        Integer limit,

        @Setting(help = "Tokens generated for open texts.", byDefault = "32", min = 1)
        int maxNewTokens,

        @Setting(
                help =
                        "Rates choices per byte of their text (lm-evaluation-harness's acc_norm), not by their sum (acc).",
                byDefault = "false")
        boolean normalizeChoices,

        @Setting(help = "Resamples of the bootstrap.", byDefault = "1000", min = 100)
        int bootstrapResamples,

        @Setting(help = "Seed of shots and resamples.", byDefault = "42")
        long seed) {}
