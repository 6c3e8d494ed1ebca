package dev.sparktune.example;

import java.util.List;

/** Columns of an {@link Example} on disk: strings and one list of strings, the same in every file, and no more than that. */
public final class ExampleSchema {
    public static final String ID = "id";
    public static final String GROUP_ID = "group_id";
    public static final String STRATUM = "stratum";
    public static final String SOURCE = "source";
    public static final String TASK = "task";
    public static final String TEMPLATE_ID = "template_id";
    public static final String TEMPLATE_HASH = "template_hash";
    public static final String PROMPT = "prompt";
    public static final String COMPLETION = "completion";
    public static final String ANSWER_CHOICES = "answer_choices";
    public static final String TARGET_LABEL = "target_label";

    /** In the order of the file. */
    public static final List<String> COLUMNS = List.of(
            ID,
            GROUP_ID,
            STRATUM,
            SOURCE,
            TASK,
            TEMPLATE_ID,
            TEMPLATE_HASH,
            PROMPT,
            COMPLETION,
            ANSWER_CHOICES,
            TARGET_LABEL);

    /** What a file must have to be read as examples. */
    public static final List<String> REQUIRED = List.of(PROMPT, COMPLETION);

    private ExampleSchema() {}
}
