package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.PartFile;
import dev.sparktune.token.TokenShardWriter;
import dev.sparktune.token.TokenizedExample;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * Tokenizes one partition into one shard, on an executor.
 *
 * @param directory of the shards
 * @param eosTokenId appended to every completion
 * @param maxLength longest example, in tokens, that is written
 * @param truncatePrompt whether the prompt of a longer one is cut, where that helps
 */
record TokenShardTask(String directory, int eosTokenId, int maxLength, boolean truncatePrompt) implements Serializable {

    /**
     * @param rows prompt and completion each
     * @param attempt a number that no other attempt at any partition has
     */
    TokenCounts write(int partition, long attempt, Iterator<Row> rows, byte[] tokenizerJson, Configuration hadoop)
            throws IOException {
        Path shard = new Path(directory, String.format("part-%05d.tokens", partition));
        FileSystem fs = shard.getFileSystem(hadoop);
        PartFile file = new PartFile(fs, shard, attempt);
        TokenCounts counts = TokenCounts.ZERO;
        java.nio.file.Path tokenizerFile = Files.createTempFile("sparktune-", "-tokenizer.json");
        try {
            Files.write(tokenizerFile, tokenizerJson);
            try (Tokenizer tokenizer = Tokenizer.load(tokenizerFile);
                    TokenShardWriter writer = new TokenShardWriter(fs, file.growing())) {
                int kept = tokenizer.leadingSpecialTokens().length;
                while (rows.hasNext()) {
                    counts = counts.plus(add(rows.next(), tokenizer, kept, writer));
                }
            }
        } finally {
            Files.delete(tokenizerFile);
        }
        file.finish();
        return counts;
    }

    private TokenCounts add(Row row, Tokenizer tokenizer, int kept, TokenShardWriter writer) {
        if (row.isNullAt(0) || row.isNullAt(1)) {
            return TokenCounts.ofMissingText();
        }
        Tokenizer.Encoded encoded = tokenizer.encode(row.getString(0), row.getString(1), eosTokenId);
        TokenizedExample whole = encoded.example();
        int tokens = whole.ids().length;
        if (whole.targets() == 0) {
            return TokenCounts.ofNothingToLearn(tokens);
        }
        Optional<TokenizedExample> fitting = truncatePrompt
                ? whole.withPromptCut(maxLength, kept)
                : Optional.of(whole).filter(example -> tokens <= maxLength);
        if (fitting.isEmpty()) {
            return TokenCounts.ofTooLong(tokens);
        }
        writer.add(fitting.get());
        return TokenCounts.ofExample(fitting.get().ids().length, tokens, encoded.boundaryMoved());
    }
}
