package dev.sparktune.generate;

import java.util.Locale;

/**
 * What a model wrote.
 *
 * @param text without special tokens and without the stop string
 * @param newTokens how many tokens were written, an end-of-sequence token not counted
 */
public record Completion(String text, int newTokens, FinishReason finishReason) {
    public enum FinishReason {
        /** An end-of-sequence token or a stop string. */
        STOP,
        /** As many tokens as allowed, or the model's context is full. */
        LENGTH;

        /** {@code stop} or {@code length}, as inference servers spell them. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
