package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/** A tokenizer that the executors have, too; each loads it once. */
final class ExecutorTokenizer implements Serializable {
    private static final long serialVersionUID = 1;
    private static final String FILE = "tokenizer.json";
    private static final int MOST_BYTES = 64 << 20;
    /** Broadcast's id → tokenizer of this JVM. */
    private static final Map<Long, Tokenizer> LOADED = new ConcurrentHashMap<>();

    private final Broadcast<byte[]> json;

    private ExecutorTokenizer(Broadcast<byte[]> json) {
        this.json = json;
    }

    /**
     * @param key of the setting, for errors
     * @param uri of a tokenizer.json, or of a directory that has one
     * @throws JobFailure for a file that is not there or no tokenizer
     */
    static ExecutorTokenizer read(SparkSession spark, String key, String uri) throws IOException {
        Locations locations = new Locations(spark.sessionState().newHadoopConf());
        String file = locations.exists(uri + "/" + FILE) ? uri + "/" + FILE : uri;
        if (file.equals(uri) && !uri.endsWith(".json")) {
            throw new JobFailure(
                    key + ": " + Redaction.text(uri) + ": neither a " + FILE + " nor a directory that has one");
        }
        byte[] json = locations.read(file, MOST_BYTES).getBytes(StandardCharsets.UTF_8);
        try {
            load(json).close();
        } catch (UncheckedIOException e) {
            throw new JobFailure(
                    key + ": " + Redaction.text(file) + " is no tokenizer.json: "
                            + e.getCause().getMessage(),
                    e);
        }
        return new ExecutorTokenizer(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(json));
    }

    /** This JVM's; never closed. */
    Tokenizer get() {
        return LOADED.computeIfAbsent(json.id(), id -> load(json.value()));
    }

    private static Tokenizer load(byte[] json) {
        try {
            Path file = Files.createTempFile("sparktune-", "-" + FILE);
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
