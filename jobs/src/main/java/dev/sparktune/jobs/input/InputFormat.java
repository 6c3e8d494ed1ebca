package dev.sparktune.jobs.input;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What files hold, and the options that Spark's reader of it needs. */
public enum InputFormat {
    PARQUET("parquet", Map.of()),
    CSV("csv", Map.of()),
    /** A quotation mark is a character like others, and a field of no characters an empty text. */
    TSV("csv", Map.of("sep", "\t", "header", "true", "quote", "")),
    /** Rows on lines, or one array of them; see {@link InputFiles#reader}. */
    JSON("json", Map.of()),
    JSONL("json", Map.of("multiLine", "false"));

    private final String sparkName;
    private final Map<String, String> options;

    InputFormat(String sparkName, Map<String, String> options) {
        this.sparkName = sparkName;
        this.options = options;
    }

    /** As the setting has it: {@code jsonl}. */
    static InputFormat named(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /** By the end of a file's name, before that of a compression: {@code ids.csv.gz} is CSV; anything unknown Parquet. */
    static InputFormat ofFile(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceFirst("\\.(gz|bz2|zst|lz4|snappy|deflate)$", "");
        for (InputFormat format : values()) {
            if (plain.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                return format;
            }
        }
        return PARQUET;
    }

    /** As Spark's reader calls it. */
    String sparkName() {
        return sparkName;
    }

    /** The user's over those of the format; keys without regard to case, as Spark reads them. */
    Map<String, String> options(Map<String, String> users) {
        Map<String, String> merged = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        merged.putAll(options);
        merged.putAll(users);
        return merged;
    }
}
