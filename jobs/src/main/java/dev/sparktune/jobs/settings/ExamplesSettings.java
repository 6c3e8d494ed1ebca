package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code examples}: how prepared examples are written and measured. */
public record ExamplesSettings(
        @Setting(
                help = "Forms besides prompt_completion: chat is TRL's conversational form, messages that of Axolotl.",
                byDefault = "[chat]",
                oneOf = {"chat", "messages"})
        List<String> also,

        @Setting(
                help =
                        "tokenizer.json, or a directory that has one, any Hadoop URI or local path: counts each example's tokens by it, and those of more than train.max_length.")
        String tokenizer) {}
