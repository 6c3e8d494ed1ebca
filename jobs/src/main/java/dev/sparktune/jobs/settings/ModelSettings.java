package dev.sparktune.jobs.settings;

/** {@code model}: where training starts. */
public record ModelSettings(
        @Setting(help = "Hugging Face directory that finetune starts from: any Hadoop URI, local path or classpath:….")
        String base,

        @Setting(
                help =
                        "How the base's weights are held in memory: bfloat16 takes half, is widened to float32 where it is computed with, and serves train.method lora only. Weights that have more bits are rounded.",
                byDefault = "float32",
                oneOf = {"float32", "bfloat16"})
        String dtype,

        @Setting(
                help = "Type of the weights that are written.",
                byDefault = "float32",
                oneOf = {"float32", "float16", "bfloat16"})
        String saveDtype) {

    /** @throws SettingsException for weights that are to be trained in a type where most updates would be lost in rounding */
    public void check(String trainMethod) {
        if (trainMethod.equals("full") && !dtype.equals("float32")) {
            throw new SettingsException(
                    "model.dtype is " + dtype + ", but train.method is full: weights that are trained"
                            + " must be float32, since most updates are smaller than a step of " + dtype);
        }
    }
}
