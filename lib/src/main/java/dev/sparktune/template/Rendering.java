package dev.sparktune.template;

import java.util.List;

/** What a template made of a row: an example, or nothing for a reason worth counting. */
public sealed interface Rendering {

    /**
     * A prompt and what a model shall answer.
     *
     * @param prompt not empty, without whitespace at its ends
     * @param completionTarget the bare answer: not empty, without whitespace at its ends
     * @param answerChoices the bare texts to choose from, one of them the target; null where the answer is open
     */
    record Example(String prompt, String completionTarget, List<String> answerChoices) implements Rendering {}

    /** The template has nothing to ask about this row. */
    record Skipped(Reason reason) implements Rendering {}

    /** Why a template gave no example. */
    enum Reason {
        /** A condition in the template left prompt or target out: PromptSource's way to pass over a row. */
        FEWER_THAN_TWO_PARTS("the template gave fewer than two parts"),
        EMPTY_PROMPT("the prompt is empty"),
        EMPTY_TARGET("the target is empty"),
        TARGET_NOT_A_CHOICE("the target is not among the answer choices");

        private final String text;

        Reason(String text) {
            this.text = text;
        }

        /** For people. */
        public String text() {
            return text;
        }
    }
}
