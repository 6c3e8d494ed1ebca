package dev.sparktune.clean;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Addresses on the web: those with a scheme, and those that begin with {@code www.}. */
final class Urls {
    private static final String MASK = "[URL]";
    /** Nothing follows the last quantifier, so it never backtracks. */
    private static final Pattern URL =
            Pattern.compile("(?i)(?<![\\p{L}\\p{N}])(?:(?:https?|ftp)://|www\\.)[\\p{L}\\p{N}\\[][^\\s<>\"]*+");

    private static final String PUNCTUATION = ".,;:!?'*_~)]}\u2019\u201D";

    private Urls() {}

    static String masked(String text) {
        if (!text.contains("://") && !text.contains("ww.") && !text.contains("WW.")) {
            return text;
        }
        return URL.matcher(text).replaceAll(match -> Matcher.quoteReplacement(MASK + sentenceEnd(match.group())));
    }

    /** What ends the sentence and not the address; a closing bracket belongs to it that was opened in it. */
    private static String sentenceEnd(String url) {
        int end = url.length();
        boolean opened = url.indexOf('(') >= 0;
        while (PUNCTUATION.indexOf(url.charAt(end - 1)) >= 0 && !(opened && url.charAt(end - 1) == ')')) {
            end--;
        }
        return url.substring(end);
    }
}
