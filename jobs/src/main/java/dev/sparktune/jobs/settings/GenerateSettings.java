package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code generate}: completions for a table of prompts; sampling is named as in transformers' GenerationConfig. */
public record GenerateSettings(
        @Setting(help = "Parquet files or directories with the prompts, any Hadoop URI or local path.", required = true)
        List<String> input,

        @Setting(help = "Column with the prompts; or give generate.template, which makes prompts of the columns.")
        String promptColumn,

        PromptTemplateSettings template,

        @Setting(help = "Column that identifies a row; without one the hash of the whole row does.")
        String idColumn,

        @Setting(help = "Hugging Face directory of the model; without it OUTPUT/model.")
        String model,

        @Setting(
                help = "How its weights are held in memory; bfloat16 takes half, as model.dtype.",
                byDefault = "float32",
                oneOf = {"float32", "bfloat16"})
        String dtype,

        @Setting(help = "PEFT adapter directory to put on the model, which is to be the adapter's base.")
        String adapter,

        @Setting(help = "Tokens written at most for each prompt.", byDefault = "64", min = 1)
        int maxNewTokens,

        @Setting(
                help = "Draws tokens from the model's distribution; otherwise the likeliest is taken.",
                byDefault = "false")
        boolean doSample,

        @Setting(help = "Logits are divided by it before drawing.", byDefault = "1.0")
        double temperature,

        @Setting(help = "Draws among the k likeliest tokens only; 0 for all.", byDefault = "50", min = 0)
        int topK,

        @Setting(
                help = "Draws among the likeliest tokens only that together reach this probability.",
                byDefault = "1.0")
        double topP,

        @Setting(help = "Texts that end a completion.") List<String> stop,

        @Setting(help = "Seed of the draws.", byDefault = "42")
        long seed,

        @Setting(help = "Rows of a part about: what is lost when a run is cut off.", byDefault = "256", min = 1)
        int rowsPerPart) {}
