package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;

/** Counts the tokens of texts, on the executors; each loads the tokenizer once. */
final class TokenCounter implements UDF1<String, Long> {
    private static final long serialVersionUID = 1;
    private static final int MOST_BYTES = 64 << 20;
    /** Broadcast's id → tokenizer of this JVM. */
    private static final Map<Long, Tokenizer> LOADED = new ConcurrentHashMap<>();

    private final Broadcast<byte[]> json;

    private TokenCounter(Broadcast<byte[]> json) {
        this.json = json;
    }

    /** @throws JobFailure for a file that is not there or no tokenizer */
    static TokenCounter read(SparkSession spark, String uri) throws IOException {
        Locations locations = new Locations(spark.sessionState().newHadoopConf());
        byte[] json = locations.read(uri, MOST_BYTES).getBytes(StandardCharsets.UTF_8);
        try {
            load(json).close();
        } catch (UncheckedIOException e) {
            throw new JobFailure(
                    "clean.tokenizer: " + Redaction.text(uri) + " is no tokenizer.json: "
                            + e.getCause().getMessage(),
                    e);
        }
        return new TokenCounter(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(json));
    }

    @Override
    public Long call(String text) {
        if (text == null) {
            return 0L;
        }
        Tokenizer tokenizer = LOADED.computeIfAbsent(json.id(), id -> load(json.value()));
        return (long) tokenizer.encode(text, false).length;
    }

    private static Tokenizer load(byte[] json) {
        try {
            Path file = Files.createTempFile("sparktune-", "-tokenizer.json");
            try {
                Files.write(file, json);
                return Tokenizer.load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
