package dev.sparktune.jobs.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What became of the rows that were tokenized: each is an example, or left out for one reason.
 *
 * @param rows read
 * @param examples written
 * @param tokens of the examples written
 * @param boundaryMoved examples written in which a token straddles prompt and completion, and counts as completion
 * @param promptCut examples written whose prompt was cut to fit
 * @param tooLong rows left out for their length
 * @param nothingToLearn rows left out because none of their tokens carries loss
 * @param missingText rows left out because prompt or completion is null
 * @param longest tokens of the longest row before any cut, left out or not
 */
public record TokenCounts(
        long rows,
        long examples,
        long tokens,
        long boundaryMoved,
        long promptCut,
        long tooLong,
        long nothingToLearn,
        long missingText,
        long longest) {
    static final TokenCounts ZERO = new TokenCounts(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** A row that was written with {@code tokens} of its {@code whole}. */
    static TokenCounts ofExample(int tokens, int whole, boolean boundaryMoved) {
        return new TokenCounts(1, 1, tokens, boundaryMoved ? 1 : 0, tokens < whole ? 1 : 0, 0, 0, 0, whole);
    }

    static TokenCounts ofTooLong(int tokens) {
        return new TokenCounts(1, 0, 0, 0, 0, 1, 0, 0, tokens);
    }

    static TokenCounts ofNothingToLearn(int tokens) {
        return new TokenCounts(1, 0, 0, 0, 0, 0, 1, 0, tokens);
    }

    static TokenCounts ofMissingText() {
        return new TokenCounts(1, 0, 0, 0, 0, 0, 0, 1, 0);
    }

    TokenCounts plus(TokenCounts other) {
        return new TokenCounts(
                rows + other.rows,
                examples + other.examples,
                tokens + other.tokens,
                boundaryMoved + other.boundaryMoved,
                promptCut + other.promptCut,
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
        named.put(split + "_prompt_cut", promptCut);
        named.put(split + "_too_long", tooLong);
        named.put(split + "_nothing_to_learn", nothingToLearn);
        named.put(split + "_missing_text", missingText);
        named.put(split + "_longest_tokens", longest);
        return named;
    }

    /**
     * A sentence for everything that is not as the data have it.
     *
     * @param split as it is called in a sentence, such as {@code training}
     */
    public List<String> remarks(String split, int maxLength, String onLong) {
        List<String> remarks = new ArrayList<>();
        String why = onLong.equals("truncate_prompt")
                ? "even without their prompt longer than train.max_length (%d), the longest row has %,d tokens"
                : "longer than train.max_length (%d), the longest has %,d tokens";
        remark(remarks, tooLong, split, "left out: " + String.format(Locale.ROOT, why, maxLength, longest));
        remark(remarks, promptCut, split, "lost the beginning of their prompt to train.max_length (" + maxLength + ")");
        remark(remarks, nothingToLearn, split, "left out: they have no completion token to learn");
        remark(remarks, missingText, split, "left out: prompt or completion is null");
        return remarks;
    }

    private void remark(List<String> remarks, long count, String split, String what) {
        if (count > 0) {
            remarks.add(String.format(Locale.ROOT, "%,d of %,d %s examples ", count, rows, split) + what);
        }
    }

    /** The numbers alone, which every serializer of Spark's can carry. */
    long[] toArray() {
        return new long[] {
            rows, examples, tokens, boundaryMoved, promptCut, tooLong, nothingToLearn, missingText, longest
        };
    }

    static TokenCounts of(long[] numbers) {
        return new TokenCounts(
                numbers[0],
                numbers[1],
                numbers[2],
                numbers[3],
                numbers[4],
                numbers[5],
                numbers[6],
                numbers[7],
                numbers[8]);
    }
}
