package dev.sparktune.token;

import java.util.Arrays;
import java.util.Optional;

/**
 * One prompt–completion pair as token ids.
 *
 * @param ids {@code [tokens]}: the prompt, then the completion, then (where the trainer wants it) the end-of-sequence
 *     token
 * @param promptLength how many leading ids belong to the prompt; they are read, never learned. 0 for plain text, whose
 *     first token then is the only one without a loss
 */
public record TokenizedExample(int[] ids, int promptLength) {
    public TokenizedExample {
        if (promptLength < 0 || promptLength > ids.length) {
            throw new IllegalArgumentException(
                    "promptLength must be in [0, " + ids.length + "], but is " + promptLength);
        }
    }

    /** How many of the ids carry loss: all of the completion, but never the very first token of the sequence. */
    public int targets() {
        return targets(ids.length, promptLength);
    }

    static int targets(int tokens, int promptLength) {
        return Math.max(0, tokens - Math.max(1, promptLength));
    }

    /**
     * This example with its prompt cut from the left, where it is longer than {@code maxLength}: the oldest tokens go, since
     * what is asked stands at a prompt's end. With {@code kept} 1 and {@code maxLength} 5, {@code [1 2 3 4 | 8 9]} becomes
     * {@code [1 3 4 | 8 9]}.
     *
     * @param kept leading tokens of the prompt that stay, such as the one that begins every sequence
     * @return empty where the completion, the tokens that stay and at least one token before the completion do not fit
     */
    public Optional<TokenizedExample> withPromptCut(int maxLength, int kept) {
        int cut = ids.length - maxLength;
        if (cut <= 0) {
            return Optional.of(this);
        }
        int promptLeft = promptLength - cut;
        if (promptLeft < Math.max(1, kept)) {
            return Optional.empty();
        }
        int[] left = Arrays.copyOf(ids, maxLength);
        System.arraycopy(ids, kept + cut, left, kept, maxLength - kept);
        return Optional.of(new TokenizedExample(left, promptLeft));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TokenizedExample that
                && promptLength == that.promptLength
                && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ids) + promptLength;
    }

    @Override
    public String toString() {
        return "TokenizedExample[tokens=" + ids.length + ", promptLength=" + promptLength + "]";
    }
}
