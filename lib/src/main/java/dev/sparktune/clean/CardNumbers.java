package dev.sparktune.clean;

/** Numbers of payment cards (ISO/IEC 7812): 13 to 19 digits, single spaces or dashes between, the last one Luhn's check digit. */
final class CardNumbers {
    private static final String MASK = "[CARD]";
    private static final int FEWEST_DIGITS = 13;
    private static final int MOST_DIGITS = 19;

    private CardNumbers() {}

    static String masked(String text) {
        StringBuilder masked = null;
        int from = 0;
        int i = 0;
        while (i < text.length()) {
            boolean begins = isDigit(text, i) && !isDigit(text, i - 1);
            int end = begins ? endOfCard(text, i) : -1;
            if (end > i) {
                masked = masked == null ? new StringBuilder(text.length()) : masked;
                masked.append(text, from, i).append(MASK);
                from = end;
                i = end;
            } else {
                i++;
            }
        }
        return masked == null ? text : masked.append(text, from, text.length()).toString();
    }

    /** Behind the longest card number that begins at {@code begin}; -1 where none does. Looks at 38 characters at most. */
    private static int endOfCard(String text, int begin) {
        char first = text.charAt(begin);
        if (first < '2' || first > '6') { // no network of cards gives out others
            return -1;
        }
        int end = -1;
        int digits = 0;
        int[] sums = new int[2]; // of the digits so far, doubled those at even or odd places
        for (int i = begin; i < text.length() && digits < MOST_DIGITS; i++) {
            char c = text.charAt(i);
            if (isDigit(text, i)) {
                int digit = c - '0';
                int doubled = digit < 5 ? 2 * digit : 2 * digit - 9;
                sums[digits % 2] += doubled;
                sums[1 - digits % 2] += digit;
                digits++;
                // The check digit and every second one before it stand as they are.
                if (digits >= FEWEST_DIGITS && !isDigit(text, i + 1) && sums[digits % 2] % 10 == 0) {
                    end = i + 1;
                }
            } else if (c != ' ' && c != '-' || !isDigit(text, i + 1)) {
                break;
            }
        }
        return end;
    }

    private static boolean isDigit(String text, int i) {
        return i >= 0 && i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '9';
    }
}
