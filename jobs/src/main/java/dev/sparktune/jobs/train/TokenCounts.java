package dev.sparktune.jobs.train;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of the rows that were tokenized.
 *
 * @param rows read
 * @param examples written
 * @param tokens of the examples written
 * @param boundaryMoved examples written in which a token straddles prompt and completion, and counts as completion
 * @param tooLong rows left out for their length
 * @param nothingToLearn rows left out because none of their tokens carries loss
 * @param missingText rows left out because prompt or completion is null
 * @param longest tokens of the longest row, left out or not
 */
public record TokenCounts(
        long rows,
        long examples,
        long tokens,
        long boundaryMoved,
        long tooLong,
        long nothingToLearn,
        long missingText,
        long longest) {
    static final TokenCounts ZERO = new TokenCounts(0, 0, 0, 0, 0, 0, 0, 0);

    TokenCounts plus(TokenCounts other) {
        return new TokenCounts(
                rows + other.rows,
                examples + other.examples,
                tokens + other.tokens,
                boundaryMoved + other.boundaryMoved,
                tooLong + other.tooLong,
                nothingToLearn + other.nothingToLearn,
                missingText + other.missingText,
                Math.max(longest, other.longest));
    }

    /** For {@code metrics.json}: {@code train_examples} and so on. */
    public Map<String, Long> named(String split) {
        Map<String, Long> named = new LinkedHashMap<>();
        named.put(split + "_rows", rows);
        named.put(split + "_examples", examples);
        named.put(split + "_tokens", tokens);
        named.put(split + "_boundary_moved", boundaryMoved);
        named.put(split + "_too_long", tooLong);
        named.put(split + "_nothing_to_learn", nothingToLearn);
        named.put(split + "_missing_text", missingText);
        named.put(split + "_longest_tokens", longest);
        return named;
    }

    /** The numbers alone, which every serializer of Spark's can carry. */
    long[] toArray() {
        return new long[] {rows, examples, tokens, boundaryMoved, tooLong, nothingToLearn, missingText, longest};
    }

    static TokenCounts of(long[] numbers) {
        return new TokenCounts(
                numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6], numbers[7]);
    }
}
