package dev.sparktune.jobs.evaluate;

import java.util.List;

/**
 * One example with what the model made of it: a row of {@code predictions/*.parquet}.
 *
 * @param template the template's id
 * @param shotIds ids of the examples shown before the prompt
 * @param prompt the example's own, without shots; null where the row has none
 * @param choices the answers to choose from; null for open texts
 * @param choiceScores how each choice was rated; null for open texts
 * @param label the right answer; null where the row has no text and names none
 * @param prediction the model's answer; null when set aside
 * @param correct whether they are the same
 * @param rougeL of open texts
 * @param nll sum of -log p over the tokens of the right completion
 * @param targetTokens how many tokens that is, no end-of-sequence token among them
 * @param promptTokens tokens before the completion, shots included
 * @param finishReason {@code stop} or {@code length}, of generated answers
 * @param setAside why the example was not scored; null when it was
 */
public record Prediction(
        String id,
        String task,
        String template,
        int shots,
        List<String> shotIds,
        String prompt,
        List<String> choices,
        List<Double> choiceScores,
        String label,
        String prediction,
        Boolean correct,
        Double rougeL,
        Double nll,
        int targetTokens,
        int promptTokens,
        String finishReason,
        String setAside) {
    public boolean scored() {
        return setAside == null;
    }
}
