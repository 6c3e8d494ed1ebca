package dev.sparktune.jobs.train;

import dev.sparktune.jobs.run.PartFile;
import dev.sparktune.token.TokenShardWriter;
import java.io.IOException;
import java.io.Serializable;
import java.util.Iterator;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;

/**
 * Tokenizes one partition into one shard, on an executor.
 *
 * @param directory of the shards
 * @param options of the tokenizer
 */
record TokenShardTask(String directory, RowTokenizer.Options options) implements Serializable {

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
        try (RowTokenizer tokenizer = new RowTokenizer(tokenizerJson, options);
                TokenShardWriter writer = new TokenShardWriter(fs, file.growing())) {
            while (rows.hasNext()) {
                RowTokenizer.Outcome outcome = tokenizer.tokenize(rows.next());
                outcome.example().ifPresent(writer::add);
                counts = counts.plus(outcome.counts());
            }
        }
        file.finish();
        return counts;
    }
}
