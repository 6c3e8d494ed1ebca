package dev.sparktune.clean;

/** U+FFFD: what stood there is lost, only that words were apart is not. */
final class ReplacementCharacters {
    private static final char REPLACEMENT = '\uFFFD';

    private ReplacementCharacters() {}

    static String removedFrom(String text) {
        int next = text.indexOf(REPLACEMENT);
        if (next < 0) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length());
        int from = 0;
        while (next >= 0) {
            clean.append(text, from, next);
            from = next;
            while (from < text.length() && text.charAt(from) == REPLACEMENT) {
                from++;
            }
            if (next > 0
                    && from < text.length()
                    && Character.isLetterOrDigit(text.codePointBefore(next))
                    && Character.isLetterOrDigit(text.codePointAt(from))) {
                clean.append(' ');
            }
            next = text.indexOf(REPLACEMENT, from);
        }
        return clean.append(text, from, text.length()).toString();
    }
}
