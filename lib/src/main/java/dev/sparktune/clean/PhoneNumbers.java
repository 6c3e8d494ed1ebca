package dev.sparktune.clean;

import java.util.regex.Pattern;

/**
 * Telephone numbers as people write them: with a country's code ({@code +44 20 7946 0958}), North American ones
 * ({@code (555) 234-5678}, {@code 1-800-234-5678}, {@code 5552345678}) and others that begin with a zero and are grouped
 * ({@code 020 7946 0958}). Prices, dates, sizes and model numbers have other forms.
 */
final class PhoneNumbers {
    private static final String MASK = "[PHONE]";
    private static final int FEWEST_DIGITS = 9;

    private static final String GAP = "[ .\\-\u2010\u2011\u2013]?";
    private static final String INTERNATIONAL =
            "\\+\\d{1,3}[ .-]?(?:\\(\\d{1,4}\\)[ .-]?)?\\d{1,4}(?:[ .-]?\\d{2,4}){2,4}";
    private static final String NORTH_AMERICAN =
            "(?:1" + GAP + ")?(?:\\([2-9]\\d{2}\\) ?|[2-9]\\d{2})" + GAP + "[2-9]\\d{2}" + GAP + "\\d{4}";
    private static final String NATIONAL = "\\(?0(?:\\d{1,4}\\)?[ -]|\\d{2,4}/)\\d{3,4}(?:[ -]?\\d{3,4}){1,2}";

    /** Every quantifier has a bound, so each place costs a constant at most. */
    private static final Pattern PHONE = Pattern.compile("(?<![\\p{L}\\p{N}$#.+/-])(?:" + INTERNATIONAL + "|"
            + NORTH_AMERICAN + "|" + NATIONAL + ")(?![\\p{L}\\p{N}]|[.,-]\\d)");

    private PhoneNumbers() {}

    static String masked(String text) {
        return hasDigits(text) ? PHONE.matcher(text).replaceAll(MASK) : text;
    }

    private static boolean hasDigits(String text) {
        int digits = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= '0' && text.charAt(i) <= '9' && ++digits == FEWEST_DIGITS) {
                return true;
            }
        }
        return false;
    }
}
