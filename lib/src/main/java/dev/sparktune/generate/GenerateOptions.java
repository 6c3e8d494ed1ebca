package dev.sparktune.generate;

import java.io.Serializable;
import java.util.List;

/**
 * How completions are written; the names are those of transformers' {@code GenerationConfig}.
 *
 * @param maxNewTokens at most so many tokens are written
 * @param doSample draw from the distribution; otherwise always the most likely token
 * @param temperature logits are divided by it before drawing
 * @param topK draw among the k most likely only; 0 for all
 * @param topP draw among the most likely only that together reach this probability; 1 for all
 * @param stop texts that end a completion; they do not become part of it
 * @param seed of the draws
 */
public record GenerateOptions(
        int maxNewTokens, boolean doSample, double temperature, int topK, double topP, List<String> stop, long seed)
        implements Serializable {
    public GenerateOptions {
        stop = List.copyOf(stop);
        check(maxNewTokens >= 1, "max_new_tokens must be at least 1, but is " + maxNewTokens);
        check(temperature > 0 && Double.isFinite(temperature), "temperature must be above 0, but is " + temperature);
        check(topK >= 0, "top_k must be at least 0, but is " + topK);
        check(topP > 0 && topP <= 1, "top_p must be in (0, 1], but is " + topP);
        check(stop.stream().noneMatch(String::isEmpty), "an empty text cannot be a stop string");
    }

    public static GenerateOptions greedy(int maxNewTokens) {
        return new GenerateOptions(maxNewTokens, false, 1, 0, 1, List.of(), 0);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
