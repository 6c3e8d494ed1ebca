package dev.sparktune.jobs.prepare;

import org.apache.spark.sql.api.java.UDF1;

/** Counts the tokens of texts, on the executors. */
final class TokenCounter implements UDF1<String, Long> {
    private static final long serialVersionUID = 1;

    private final ExecutorTokenizer tokenizer;

    TokenCounter(ExecutorTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    @Override
    public Long call(String text) {
        return text == null ? 0L : (long) tokenizer.get().encode(text, false).length;
    }
}
