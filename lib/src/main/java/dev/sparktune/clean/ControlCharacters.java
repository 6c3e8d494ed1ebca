package dev.sparktune.clean;

/** Unicode's category Cc but for tab and line feed, and byte order marks inside text. */
final class ControlCharacters {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private ControlCharacters() {}

    static String removedFrom(String text) {
        int first = 0;
        while (first < text.length() && !isControl(text.charAt(first))) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder clean = new StringBuilder(text.length()).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isControl(c)) {
                clean.append(c);
            } else if (c == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n')) {
                clean.append('\n');
            }
        }
        return clean.toString();
    }

    private static boolean isControl(char c) {
        return c < ' ' && c != '\t' && c != '\n' || c >= 0x7F && c < 0xA0 || c == BYTE_ORDER_MARK;
    }
}
