package dev.sparktune.model.hf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression for whole paths of modules. It may come from anybody's file, and so neither its length nor its work is without
 * bound: some expressions backtrack for years.
 *
 * @param key where it stands
 */
record PathPattern(String key, String expression) {
    private static final int MAX_LENGTH = 2000;

    /** Characters it may look at to decide on one path; a common one needs a few hundred. */
    private static final int MAX_LOOKS = 100_000;

    /** Product of all counts in braces: an empty group is repeated without a look. */
    private static final int MAX_REPEATS = 1000;

    private static final Pattern REPEAT = Pattern.compile("\\{(\\d*),?(\\d*)}");

    /** @throws IllegalArgumentException for an expression that is none, is too long or repeats too often */
    PathPattern {
        if (expression.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(key + " has a regular expression of " + expression.length()
                    + " characters; the bound is " + MAX_LENGTH);
        }
        double repeats = 1;
        for (Matcher repeat = REPEAT.matcher(expression); repeat.find(); ) {
            repeats *= Math.max(1, Math.max(count(repeat.group(1)), count(repeat.group(2))));
        }
        if (repeats > MAX_REPEATS) {
            throw new IllegalArgumentException(key + " '" + expression
                    + "' repeats too often: the bound of its counts' product is " + MAX_REPEATS);
        }
        try {
            Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    key + " is no regular expression: '" + expression + "': " + e.getDescription(), e);
        }
    }

    private static double count(String digits) {
        return digits.isEmpty() ? 0 : Double.parseDouble(digits);
    }

    /** @throws ModelFormatException for an expression that tries too many ways */
    boolean matches(String path) {
        return Pattern.matches(expression, new Watched(path));
    }

    /** A path that can be looked at so many times only. */
    private final class Watched implements CharSequence {
        private final String path;
        private int looks;

        Watched(String path) {
            this.path = path;
        }

        @Override
        public char charAt(int index) {
            if (++looks > MAX_LOOKS) {
                throw new ModelFormatException(
                        key + " '" + expression + "' tries too many ways to match " + path + "; make it plainer");
            }
            return path.charAt(index);
        }

        @Override
        public int length() {
            return path.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return path.substring(start, end);
        }

        @Override
        public String toString() {
            return path;
        }
    }
}
