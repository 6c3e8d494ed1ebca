package dev.sparktune.jobs.evaluate;

import dev.sparktune.example.Example;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One example made ready to be put to a model.
 *
 * @param label the right answer
 * @param candidates prompt and completion in tokens: of each choice, or of the right completion alone
 * @param right which candidate is the right one; -1 when none is
 * @param boundaryMoved whether a token straddles prompt and completion
 * @param setAside why it cannot be asked; null when it can
 */
record Question(
        Example example,
        List<Example> shots,
        String label,
        List<TokenizedExample> candidates,
        int right,
        boolean boundaryMoved,
        String setAside) {
    static final String TOO_LONG = "prompt, shots and completion exceed the model's context";
    static final String NO_LABEL = "the label is not among the answer choices";
    static final String NO_CHOICES = "no answer choices, but others of the task have them";
    static final String NO_PROMPT = "the prompt has no tokens";

    /**
     * Tokenizes an example behind its shots.
     *
     * @param byChoice whether the task is to choose
     * @param contextTokens the model's {@code max_position_embeddings}
     */
    static Question of(Example example, List<Example> shots, boolean byChoice, Tokenizer tokenizer, int contextTokens) {
        String label = example.targetLabel() != null
                ? example.targetLabel()
                : example.completion().strip();
        List<String> completions = new ArrayList<>();
        if (!byChoice) {
            completions.add(example.completion());
        } else if (example.answerChoices() != null) {
            example.answerChoices().forEach(choice -> completions.add(" " + choice));
        }
        int right = byChoice ? completions.indexOf(" " + label) : 0;
        String prompt = ShotPool.text(shots) + example.prompt();
        List<TokenizedExample> candidates = new ArrayList<>();
        boolean boundaryMoved = false;
        boolean tooLong = false;
        boolean empty = false;
        for (String completion : completions) {
            Tokenizer.Encoded encoded = tokenizer.encode(prompt, completion, -1);
            candidates.add(encoded.example());
            boundaryMoved |= encoded.boundaryMoved();
            tooLong |= encoded.example().ids().length > contextTokens;
            empty |= encoded.example().promptLength() == 0;
        }
        String setAside = completions.isEmpty()
                ? NO_CHOICES
                : right < 0 ? NO_LABEL : tooLong ? TOO_LONG : empty ? NO_PROMPT : null;
        return new Question(example, shots, label, candidates, right, boundaryMoved, setAside);
    }

    boolean askable() {
        return setAside == null;
    }

    /** Tokens of the right candidate's prompt, {@code [promptTokens]}. */
    int[] promptIds() {
        TokenizedExample rightOne = candidates.get(right);
        return Arrays.copyOf(rightOne.ids(), rightOne.promptLength());
    }

    int promptTokens() {
        return candidates.isEmpty() ? 0 : candidates.get(Math.max(0, right)).promptLength();
    }

    int targetTokens() {
        return right < 0 ? 0 : candidates.get(right).targets();
    }
}
