package dev.sparktune.token;

import java.util.Arrays;

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
