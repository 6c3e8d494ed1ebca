package dev.sparktune.example;

import java.util.HashMap;
import java.util.Map;
import org.apache.avro.util.Utf8;

/** The encoded forms of texts of which a file has few different ones, such as the tasks: each is encoded once. */
final class RepeatedTexts {
    /** A column may be of another kind than is thought: what is held stays small. */
    private static final int MOST = 1_000;

    private final Map<String, Utf8> encoded = new HashMap<>();

    /** Null for null. */
    Utf8 encoded(String text) {
        if (text == null) {
            return null;
        }
        Utf8 known = encoded.get(text);
        if (known == null) {
            known = new Utf8(text);
            if (encoded.size() < MOST) {
                encoded.put(text, known);
            }
        }
        return known;
    }
}
