package dev.sparktune.jobs.settings;

/** {@code synthesize}: made-up tables for trying the whole way without data of one's own. */
public record SynthesizeSettings(
        @Setting(
                help = "What is made.",
                byDefault = "reviews",
                oneOf = {"reviews", "text", "entities", "arithmetic", "words", "questions", "moods"})
        String kind,

        @Setting(help = "Rows.", byDefault = "20000", min = 1)
        long rows,

        @Setting(help = "Seed: the same one makes the same rows.", byDefault = "42")
        long seed) {}
