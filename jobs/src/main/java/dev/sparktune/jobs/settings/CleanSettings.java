package dev.sparktune.jobs.settings;

import java.util.List;
import java.util.Map;

/** {@code clean}: what is done to texts, and which rows are set aside. */
public record CleanSettings(
        @Setting(
                help =
                        "Cleaning steps; done in this order, whatever the list's, and each counted by the rows that it changed.",
                oneOf = {
                    "html",
                    "nfc",
                    "control",
                    "replacement",
                    "case",
                    "mask_url",
                    "mask_email",
                    "mask_card",
                    "mask_phone"
                })
        List<String> steps,

        @Setting(
                help =
                        "Columns of text that the steps are done to; empty takes every text that templates see, but for the id and"
                                + " the group. Of texts inside lists and structs only those of the column messages can be cleaned.")
        List<String> columns,

        @Setting(help = "Columns of categories for the step case: name to lower, upper or title.")
        Map<String, String> categories,

        @Setting(help = "Columns that must hold more than white space; other rows go to quarantine.")
        List<String> required,

        @Setting(help = "Column to the fewest characters it may have, after the steps; other rows go to quarantine.")
        Map<String, Long> minChars,

        @Setting(help = "Column to the most characters it may have.")
        Map<String, Long> maxChars,

        @Setting(help = "Column to the fewest tokens it may have, by clean.tokenizer.")
        Map<String, Long> minTokens,

        @Setting(help = "Column to the most tokens it may have, by clean.tokenizer.")
        Map<String, Long> maxTokens,

        @Setting(
                help =
                        "tokenizer.json, or a directory that has one, any Hadoop URI or local path: counts tokens for the bounds.")
        String tokenizer,

        @Setting(help = "Columns whose texts together must not occur twice: the row of the lowest hash stays.")
        List<String> exactDuplicates,

        @Setting(help = "Columns of text of which no two rows may be nearly the same (split.jaccard): one stays.")
        List<String> nearDuplicates) {}
