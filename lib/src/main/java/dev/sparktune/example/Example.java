package dev.sparktune.example;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * One rendering of one record: what the model reads and what it is to write.
 *
 * <p>{@code prompt} and {@code completion} are always there; the rest is null in files that have only those two. The
 * space between prompt and completion belongs to the completion ({@code " 5"}); no end-of-sequence token is in the text.
 *
 * @param id the record's, the same in all its renderings
 * @param groupId keyed hash of what must not straddle splits (the customer, say)
 * @param stratum value by which the splits are balanced
 * @param source file name of the table's part, or what the user named
 * @param task the template's name for what is asked; evaluation chooses rows by it
 * @param templateId the template's UUID
 * @param templateHash hash of the template's text, so that a changed template shows
 * @param answerChoices bare texts of the answers to choose from; null for open tasks
 * @param targetLabel the bare answer: {@code completion} without its leading space
 * @param turns of the chat that it was made of, the last one the answer; null for one question and one answer. Only the forms for
 *     conversations keep them
 */
public record Example(
        String id,
        String groupId,
        String stratum,
        String source,
        String task,
        String templateId,
        String templateHash,
        String prompt,
        String completion,
        List<String> answerChoices,
        String targetLabel,
        List<Turn> turns)
        implements Serializable {

    /** What one side says. */
    public record Turn(String role, String content) implements Serializable {}

    /** Of one question and one answer. */
    public Example(
            String id,
            String groupId,
            String stratum,
            String source,
            String task,
            String templateId,
            String templateHash,
            String prompt,
            String completion,
            List<String> answerChoices,
            String targetLabel) {
        this(
                id,
                groupId,
                stratum,
                source,
                task,
                templateId,
                templateHash,
                prompt,
                completion,
                answerChoices,
                targetLabel,
                null);
    }

    public Example {
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(completion, "completion");
        turns = turns == null ? null : List.copyOf(turns);
        answerChoices = answerChoices == null ? null : Collections.unmodifiableList(new ArrayList<>(answerChoices));
    }

    /** A bare pair, as other tools write them. */
    public static Example of(String prompt, String completion) {
        return new Example(null, null, null, null, null, null, null, prompt, completion, null, null);
    }
}
