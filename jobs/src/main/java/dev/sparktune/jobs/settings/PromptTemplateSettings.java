package dev.sparktune.jobs.settings;

import java.util.Map;

/** {@code generate.template}: the template that makes each row's prompt; what it asks as answer is not rendered. */
public record PromptTemplateSettings(
        @Setting(help = "Root of a template library in PromptSource's layout.", byDefault = "classpath:conf/templates")
        String library,

        @Setting(help = "Data set in the library, NAME or NAME/SUBSET.")
        String dataset,

        @Setting(help = "Name or id of the template.") String name,

        @Setting(help = "Columns that the template sees: name to Spark SQL expression; empty takes all as they are.")
        Map<String, String> columns) {

    /** Whether any of it was given. */
    public boolean given() {
        return dataset != null || name != null || !columns.isEmpty();
    }
}
