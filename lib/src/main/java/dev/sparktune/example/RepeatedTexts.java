package dev.sparktune.example;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.io.api.Binary;

/** The encoded forms of texts of which a file has few different ones, such as the tasks: each is encoded once. */
final class RepeatedTexts {
    /** A column may be of another kind than is thought: what is held stays small. */
    private static final int MOST = 1_000;

    private final Map<String, Binary> encoded = new HashMap<>();

    /** Null for null. */
    Binary encoded(String text) {
        if (text == null) {
            return null;
        }
        Binary known = encoded.get(text);
        if (known == null) {
            known = Binary.fromConstantByteArray(text.getBytes(StandardCharsets.UTF_8));
            if (encoded.size() < MOST) {
                encoded.put(text, known);
            }
        }
        return known;
    }
}
