package dev.sparktune.jobs.train;

import dev.sparktune.token.ExampleLengths;
import dev.sparktune.token.TokenizedExample;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;

/**
 * What token shards would hold, without their being written: how long every example is, in their order, and the first few.
 *
 * @param lengths of all examples
 * @param first of them
 * @param counts what became of the rows
 */
public record TokenSizes(ExampleLengths lengths, List<TokenizedExample> first, TokenCounts counts) {
    /** Of no rows. */
    public static final TokenSizes NONE = of(List.of(), 0);

    /**
     * One partition's, in arrays, which every serializer of Spark's can carry.
     *
     * @param tokens {@code [examples]}
     * @param targets {@code [examples]}
     * @param firstIds {@code [first examples][tokens]}
     * @param counts {@link TokenCounts#toArray}
     */
    record Part(int[] tokens, int[] targets, int[][] firstIds, long[] counts) implements Serializable {
        /** @param first how many examples to keep at most */
        static Part of(Iterator<Row> rows, byte[] tokenizerJson, RowTokenizer.Options options, int first)
                throws IOException {
            IntStream.Builder tokens = IntStream.builder();
            IntStream.Builder targets = IntStream.builder();
            List<int[]> firstIds = new ArrayList<>();
            TokenCounts counts = TokenCounts.ZERO;
            try (RowTokenizer tokenizer = new RowTokenizer(tokenizerJson, options)) {
                while (rows.hasNext()) {
                    RowTokenizer.Outcome outcome = tokenizer.tokenize(rows.next());
                    counts = counts.plus(outcome.counts());
                    if (outcome.example().isPresent()) {
                        TokenizedExample example = outcome.example().get();
                        tokens.add(example.ids().length);
                        targets.add(example.targets());
                        if (firstIds.size() < first) {
                            firstIds.add(example.ids());
                        }
                    }
                }
            }
            return new Part(
                    tokens.build().toArray(),
                    targets.build().toArray(),
                    firstIds.toArray(int[][]::new),
                    counts.toArray());
        }

        private TokenizedExample first(int i) {
            return new TokenizedExample(firstIds[i], tokens[i] - targets[i]);
        }
    }

    /** @param first how many examples to keep at most */
    static TokenSizes of(List<Part> parts, int first) {
        List<TokenizedExample> examples = new ArrayList<>();
        TokenCounts counts = TokenCounts.ZERO;
        for (Part part : parts) {
            for (int i = 0; i < part.firstIds.length && examples.size() < first; i++) {
                examples.add(part.first(i));
            }
            counts = counts.plus(TokenCounts.of(part.counts));
        }
        int[] tokens =
                parts.stream().flatMapToInt(part -> IntStream.of(part.tokens)).toArray();
        int[] targets =
                parts.stream().flatMapToInt(part -> IntStream.of(part.targets)).toArray();
        return new TokenSizes(ExampleLengths.of(tokens, targets), examples, counts);
    }
}
