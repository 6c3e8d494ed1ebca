package dev.sparktune.jobs.settings;

import java.util.List;
import java.util.Map;

/** {@code split}: who is train, validation and test. */
public record SplitSettings(
        @Setting(help = "Share of each split; they sum to 1.", byDefault = "{train: 0.8, validation: 0.1, test: 0.1}")
        Map<String, Double> fractions,

        @Setting(help = "Columns whose values every split holds in equal shares.")
        List<String> stratify,

        @Setting(help = "Column whose equal values never part, such as the customer; without one rows are alone.")
        String group,

        @Setting(
                help =
                        "Splits of an exact number of rows, chosen by lowest hash in each stratum; the rest of them is reserve.")
        Map<String, Long> sizes,

        @Setting(help = "Columns of numbers among split.stratify that are cut into so many parts of equal count.")
        Map<String, Integer> quantiles,

        @Setting(help = "Columns of text: a training row nearly the same as one to be evaluated with leaves train.")
        List<String> nearDuplicates,

        @Setting(
                help = "From which Jaccard similarity of their character 5-grams two texts are nearly the same.",
                byDefault = "0.8",
                min = 0.5,
                max = 1)
        double jaccard,

        @Setting(help = "Salt of the hash: another one draws other splits.", byDefault = "sparktune")
        String salt,

        @Setting(help = "manifest.json of an earlier run whose frozen bucket map is used again.")
        String map) {}
