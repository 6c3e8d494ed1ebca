package dev.sparktune.jobs.settings;

import java.util.Map;

/** {@code tune}: which settings are tried, and how they are judged. */
public record TuneSettings(
        @Setting(
                help =
                        "Keys of model, train and lora to what is tried for each: a list of values, or, where they are drawn, {min: A, max: B}, evenly, or with scale: log evenly in the logarithm.",
                required = true)
        Map<String, Object> parameters,

        @Setting(
                help = "grid tries every combination; random draws tune.trials of them.",
                byDefault = "grid",
                oneOf = {"grid", "random"})
        String search,

        @Setting(help = "Trials that random draws.", min = 1)
        Integer trials,

        @Setting(
                help = "Figure of the validation split by which trials are judged, each by its best.",
                byDefault = "eval_loss",
                oneOf = {"eval_loss", "eval_accuracy"})
        String metric,

        @Setting(
                help =
                        "Successive halving: after each rung one trial in so many goes on, for so many times the updates; 1 trains every trial to the end.",
                byDefault = "3",
                min = 1)
        int halvingFactor,

        @Setting(help = "Seed of the draws.", byDefault = "42")
        long seed) {}
