package dev.sparktune.jobs.settings;

import java.util.List;
import java.util.Set;

/** Everything a user can set. One YAML serves every job of a pipeline: each reads its sections and leaves the others. */
public record Settings(
        @Setting(help = "Root directory of the pipeline's outputs, any Hadoop URI or local path.", required = true)
        String output,

        @Setting(
                help =
                        "Prepared data to read instead of OUTPUT/data: its directory, or plain Parquet files with prompt and completion.")
        String data,

        InputSettings input,
        CleanSettings clean,
        PrivacySettings privacy,
        TemplateSettings templates,
        ExamplesSettings examples,
        MixtureSettings mixture,
        SplitSettings split,
        ModelSettings model,
        TrainSettings train,
        LoraSettings lora,
        EvaluateSettings evaluate,
        GenerateSettings generate,
        PretrainSettings pretrain,
        SynthesizeSettings synthesize,
        TuneSettings tune,
        TrackingSettings tracking) {

    /**
     * Reads and checks all keys.
     *
     * @param name how errors call the file, such as {@code quickstart.yaml}
     * @param yaml its text
     * @param sets {@code key=value} each, later ones win
     * @param sections those the job reads: only there are required keys required
     * @throws SettingsException for the first thing that is wrong
     */
    public static Settings read(String name, String yaml, List<String> sets, Set<String> sections) {
        SettingsDocument document = SettingsDocument.parse(name, yaml, sets);
        return new SettingsBinder(document, SettingsReference.names()).bind(Settings.class, sections);
    }

    /** Where prepared data lies: {@code data}, else OUTPUT/data. */
    public String dataUri() {
        return data != null ? data : output + "/data";
    }
}
