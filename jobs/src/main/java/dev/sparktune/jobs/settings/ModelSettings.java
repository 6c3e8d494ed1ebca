package dev.sparktune.jobs.settings;

/** {@code model}: where training starts. */
public record ModelSettings(
        @Setting(help = "Hugging Face directory that finetune starts from: any Hadoop URI, local path or classpath:….")
        String base,

        @Setting(
                help = "Type of the weights that are written.",
                byDefault = "float32",
                oneOf = {"float32", "float16", "bfloat16"})
        String saveDtype) {}
