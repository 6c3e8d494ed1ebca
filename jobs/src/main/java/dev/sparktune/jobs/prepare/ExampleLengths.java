package dev.sparktune.jobs.prepare;

import dev.sparktune.example.Example;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.ExamplesSettings;
import dev.sparktune.jobs.settings.TrainSettings;
import dev.sparktune.token.Tokenizer;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * How long the written examples of each task are: in characters always, in tokens where the user named a tokenizer. Tokens
 * are counted as finetune counts them: prompt and completion as one text, special tokens as the tokenizer adds them, and one
 * for the end of the sequence where it adds none.
 */
final class ExampleLengths implements Serializable {
    private static final long serialVersionUID = 1;

    /** Null where tokens are not counted. */
    private final ExecutorTokenizer tokenizer;

    private final String tokenizerUri;
    private final int maxLength;
    /** Whether the tokenizer itself ends each text by a token; null until it was asked. */
    private transient Boolean closes;

    private ExampleLengths(ExecutorTokenizer tokenizer, String tokenizerUri, int maxLength) {
        this.tokenizer = tokenizer;
        this.tokenizerUri = tokenizerUri;
        this.maxLength = maxLength;
    }

    /** @throws dev.sparktune.jobs.run.JobFailure where there is no such tokenizer */
    static ExampleLengths of(SparkSession spark, ExamplesSettings examples, TrainSettings train) throws IOException {
        String uri = examples.tokenizer();
        ExecutorTokenizer tokenizer = uri == null ? null : ExecutorTokenizer.read(spark, "examples.tokenizer", uri);
        return new ExampleLengths(tokenizer, uri, train.maxLength());
    }

    boolean countsTokens() {
        return tokenizer != null;
    }

    /** Null where tokens are not counted. */
    String tokenizerUri() {
        return tokenizerUri;
    }

    /** The tokens that an example may have in training. */
    int maxLength() {
        return maxLength;
    }

    void measure(Example example, Tally tally) {
        int characters = codePoints(example.prompt()) + codePoints(example.completion());
        tally.addLength(Tally.Unit.CHARACTERS, example.task(), characters);
        if (countsTokens()) {
            int tokens = tokens(example.prompt() + example.completion());
            tally.addLength(Tally.Unit.TOKENS, example.task(), tokens);
            if (tokens > maxLength) {
                tally.add(Tally.Kind.TOO_LONG, example.task(), "", 1);
            }
        }
    }

    private static int codePoints(String text) {
        return text.codePointCount(0, text.length());
    }

    private int tokens(String text) {
        Tokenizer loaded = tokenizer.get();
        if (closes == null) {
            int[] bare = loaded.encode("a", false);
            int[] whole = loaded.encode("a", true);
            closes = whole[whole.length - 1] != bare[bare.length - 1];
        }
        return loaded.encode(text, true).length + (closes ? 0 : 1);
    }

    /** Unit → task → figures; with tokens also by which tokenizer, and the bound that examples are too long by. */
    Map<String, Object> toJson(Tally tally) {
        Map<String, Object> json = new LinkedHashMap<>();
        for (Tally.Unit unit : Tally.Unit.values()) {
            if (unit == Tally.Unit.TOKENS && !countsTokens()) {
                continue;
            }
            Map<String, Object> tasks = new LinkedHashMap<>();
            tally.lengths(unit).forEach((task, lengths) -> tasks.put(task, figures(unit, task, lengths, tally)));
            json.put(unit.name().toLowerCase(Locale.ROOT), tasks);
        }
        if (countsTokens()) {
            json.put("tokenizer", Redaction.text(tokenizerUri));
            json.put("max_length", maxLength);
        }
        return json;
    }

    private static Map<String, Object> figures(Tally.Unit unit, String task, LengthHistogram lengths, Tally tally) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("examples", lengths.count());
        figures.put("mean", lengths.mean());
        figures.put("p50", lengths.percentile(0.5));
        figures.put("p90", lengths.percentile(0.9));
        figures.put("p99", lengths.percentile(0.99));
        figures.put("longest", lengths.longest());
        if (unit == Tally.Unit.TOKENS) {
            figures.put("over_max_length", tally.total(Tally.Kind.TOO_LONG, task));
        }
        figures.put("histogram", lengths.classes());
        return figures;
    }
}
