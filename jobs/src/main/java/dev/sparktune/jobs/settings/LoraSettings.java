package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code lora}: the adapter of {@code train.method: lora}, in PEFT's names and with its defaults. */
public record LoraSettings(
        @Setting(help = "Rank of the adapter's matrices.", byDefault = "8", min = 1)
        int r,

        @Setting(
                help =
                        "Numerator of the scale: what the matrices make is multiplied by alpha / r, or alpha / sqrt(r) with use_rslora.",
                byDefault = "8",
                min = 0)
        double alpha,

        @Setting(
                help = "Share of its input that the adapter does not see in training.",
                byDefault = "0.0",
                min = 0,
                max = 1)
        double dropout,

        @Setting(
                help =
                        "Linear maps that get a pair of matrices: ends of their names in transformers (q_proj, c_attn, query_key_value), all-linear, or one regular expression for whole names.",
                byDefault = "all-linear")
        List<String> targetModules,

        @Setting(help = "Scales by alpha / sqrt(r) (rsLoRA).", byDefault = "false")
        boolean useRslora,

        @Setting(
                help =
                        "PEFT adapter directory to start from, instead of a random A and a B of 0; it then decides about r, alpha, dropout, target_modules and use_rslora.")
        String init) {}
