package dev.sparktune.clean;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The case that the values of a category are brought to, so that {@code us} and {@code US} are one. */
public enum LetterCase {
    LOWER,
    UPPER,
    /** {@code major APPLIANCES} becomes {@code Major Appliances}. */
    TITLE;

    public String apply(String text) {
        return switch (this) {
            case LOWER -> text.toLowerCase(Locale.ROOT);
            case UPPER -> text.toUpperCase(Locale.ROOT);
            case TITLE -> title(text);
        };
    }

    private static String title(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        StringBuilder title = new StringBuilder(lower.length());
        boolean inWord = false;
        for (int i = 0; i < lower.length(); i += Character.charCount(lower.codePointAt(i))) {
            int c = lower.codePointAt(i);
            title.appendCodePoint(inWord ? c : Character.toTitleCase(c));
            boolean inside = c == '\'' || Character.getType(c) == Character.NON_SPACING_MARK;
            inWord = Character.isLetterOrDigit(c) || inWord && inside;
        }
        return title.toString();
    }

    /** As settings write it. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(LetterCase::key).toList();
    }

    /** @throws IllegalArgumentException for a key that none has, with those there are */
    public static LetterCase named(String key) {
        return Arrays.stream(values())
                .filter(one -> one.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be one of " + String.join(", ", keys()) + ", but is " + key));
    }
}
