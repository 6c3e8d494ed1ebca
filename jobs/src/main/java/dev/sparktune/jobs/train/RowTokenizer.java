package dev.sparktune.jobs.train;

import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Row;

/** Makes examples of rows of prompt and completion, and says what became of each. */
final class RowTokenizer implements AutoCloseable {
    private final Options options;
    private final Tokenizer tokenizer;
    private final int kept;

    /**
     * How rows become examples.
     *
     * @param eosTokenId appended to every completion
     * @param maxLength longest example, in tokens
     * @param truncatePrompt whether the prompt of a longer one is cut, where that helps
     */
    record Options(int eosTokenId, int maxLength, boolean truncatePrompt) implements Serializable {}

    /** @param example empty where the row was left out */
    record Outcome(Optional<TokenizedExample> example, TokenCounts counts) {}

    /** @param tokenizerJson the bytes of a {@code tokenizer.json} */
    RowTokenizer(byte[] tokenizerJson, Options options) throws IOException {
        this.options = options;
        Path file = Files.createTempFile("sparktune-", "-tokenizer.json");
        try {
            Files.write(file, tokenizerJson);
            tokenizer = Tokenizer.load(file);
        } finally {
            Files.delete(file);
        }
        kept = tokenizer.leadingSpecialTokens().length;
    }

    /** @param row prompt and completion */
    Outcome tokenize(Row row) {
        if (row.isNullAt(0) || row.isNullAt(1)) {
            return leftOut(TokenCounts.ofMissingText());
        }
        Tokenizer.Encoded encoded = tokenizer.encode(row.getString(0), row.getString(1), options.eosTokenId);
        TokenizedExample whole = encoded.example();
        int tokens = whole.ids().length;
        if (whole.targets() == 0) {
            return leftOut(TokenCounts.ofNothingToLearn(tokens));
        }
        Optional<TokenizedExample> fitting = options.truncatePrompt
                ? whole.withPromptCut(options.maxLength, kept)
                : Optional.of(whole).filter(example -> tokens <= options.maxLength);
        return fitting.map(example -> new Outcome(
                        fitting, TokenCounts.ofExample(example.ids().length, tokens, encoded.boundaryMoved())))
                .orElseGet(() -> leftOut(TokenCounts.ofTooLong(tokens)));
    }

    private static Outcome leftOut(TokenCounts counts) {
        return new Outcome(Optional.empty(), counts);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
