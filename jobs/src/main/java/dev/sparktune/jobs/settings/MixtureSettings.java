package dev.sparktune.jobs.settings;

import dev.sparktune.mixture.MixingRates;
import java.util.Map;
import java.util.OptionalLong;

/** {@code mixture}: how many examples of each task the training split holds, and in how many phrasings. */
public record MixtureSettings(
        @Setting(
                help =
                        "What a record becomes where a task has several templates: an example by each, or by one that it draws.",
                byDefault = "all",
                oneOf = {"all", "one"})
        String phrasings,

        @Setting(help = "Task to factor of its rate, 0 leaves it out; \"*\" stands for every other task.")
        Map<String, Double> weights,

        @Setting(help = "Task to most examples that are taken of it (FLAN: 30000); \"*\" stands for every other task.")
        Map<String, Long> caps,

        @Setting(
                help = "Examples beyond which a task gets no higher rate: T5's K, FLAN's mixing maximum (3000).",
                min = 1)
        Long maximum,

        @Setting(
                help = "T5's temperature T: rates go with examples^(1/T), 1 is proportional, high is equal.",
                byDefault = "1",
                min = 1)
        double temperature,

        @Setting(help = "Examples of all tasks together; empty takes as many as keep the rates.", min = 1)
        Long size) {

    public MixtureSettings {
        rates(weights, caps, maximum, temperature);
    }

    /** As the arithmetic takes them. */
    public MixingRates rates() {
        return rates(weights, caps, maximum, temperature);
    }

    /** {@code size}, absent where it was not given. */
    public OptionalLong wantedSize() {
        return size == null ? OptionalLong.empty() : OptionalLong.of(size);
    }

    /** Whether each record is to become one example of each task. */
    public boolean onePhrasing() {
        return phrasings.equals("one");
    }

    private static MixingRates rates(
            Map<String, Double> weights, Map<String, Long> caps, Long maximum, double temperature) {
        return new MixingRates(weights, caps, maximum == null ? Long.MAX_VALUE : maximum, temperature);
    }
}
