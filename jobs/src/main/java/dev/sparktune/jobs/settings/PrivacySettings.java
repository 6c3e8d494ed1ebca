package dev.sparktune.jobs.settings;

/** {@code privacy}: what of persons leaves the input. */
public record PrivacySettings(
        @Setting(
                help = "The column group_id: hashed with a key (HMAC-SHA256), raw, or none. The key is read from"
                        + " privacy.group_key_file, else from the environment: SPARKTUNE_GROUP_KEY or the file"
                        + " SPARKTUNE_GROUP_KEY_FILE. Without one each run draws a fresh key and forgets it.",
                byDefault = "hashed",
                oneOf = {"hashed", "raw", "none"})
        String groupId,

        @Setting(help = "File with the key, any Hadoop URI or local path; its last line end is no part of it.")
        String groupKeyFile,

        @Setting(
                help =
                        "Texts of the data may stand in logs and reports: prepare's log and report, the samples of finetune,"
                                + " pretrain and tune on standard error and in training.jsonl, evaluate's report. What a job is there to"
                                + " write has texts all the same: the data with its quarantine, evaluate's predictions, generate's"
                                + " completions.",
                byDefault = "true")
        boolean examples) {}
