package dev.sparktune.clean;

/** Mail addresses, found from their {@code @} outwards: every character is looked at twice at most. */
final class EmailAddresses {
    private static final String MASK = "[EMAIL]";

    private EmailAddresses() {}

    static String masked(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            return text;
        }
        StringBuilder masked = null;
        int from = 0;
        for (; at >= 0; at = text.indexOf('@', at + 1)) {
            int begin = begin(text, at, from);
            int end = end(text, at + 1);
            if (begin < at && end > at) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, from, begin).append(MASK);
                from = end;
            }
        }
        return masked == null ? text : masked.append(text, from, text.length()).toString();
    }

    /** First character of the name in front of the {@code @}; the {@code @} itself where there is none. */
    private static int begin(String text, int at, int from) {
        int begin = at;
        while (begin > from && isNamePart(text.charAt(begin - 1))) {
            begin--;
        }
        while (begin < at && !Character.isLetterOrDigit(text.charAt(begin))) {
            begin++; // a quote or a dash before the name
        }
        return begin;
    }

    /** Behind the last label of at least two letters with a dot before it; -1 without one. */
    private static int end(String text, int domain) {
        int end = -1;
        int label = domain;
        boolean letters = true;
        int i = domain;
        while (i <= text.length()) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (Character.isLetterOrDigit(c) || c == '-') {
                letters &= Character.isLetter(c);
            } else {
                if (letters && label > domain && i - label >= 2) {
                    end = i;
                }
                if (c != '.' || i == label) {
                    break;
                }
                label = i + 1;
                letters = true;
            }
            i++;
        }
        return end;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || "._%+-'&".indexOf(c) >= 0;
    }
}
