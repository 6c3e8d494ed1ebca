package dev.sparktune.jobs.settings;

import java.util.List;

/** {@code templates}: the prompts. */
public record TemplateSettings(
        @Setting(help = "Root of a template library in PromptSource's layout.", byDefault = "classpath:conf/templates")
        String library,

        @Setting(
                help =
                        "Data set in the library, NAME or NAME/SUBSET. Only input.form alpaca and messages have one by default:"
                                + " of their own name.")
        String dataset,

        @Setting(help = "Names of the templates to render; empty takes all of the data set.")
        List<String> names) {}
