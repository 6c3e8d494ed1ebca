package dev.sparktune.eval;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * ROUGE-L (Lin, 2004): how much of two texts' words runs through both in the same order. The figures are those of the
 * rouge-score package, rougeL, without stemmer: words are runs of {@code a-z0-9} in the lower-cased text.
 */
public final class RougeL {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[^a-z0-9]+");

    private RougeL() {}

    /** F-measure in [0, 1]: 2PR / (P + R), with the longest common subsequence over candidate's and reference's length. */
    public static double fMeasure(String reference, String candidate) {
        List<String> expected = words(reference);
        List<String> given = words(candidate);
        int common = longestCommonSubsequence(expected, given);
        if (common == 0) {
            return 0;
        }
        double precision = common / (double) given.size();
        double recall = common / (double) expected.size();
        return 2 * precision * recall / (precision + recall);
    }

    private static List<String> words(String text) {
        return Arrays.stream(BETWEEN_WORDS.split(text.toLowerCase(Locale.ROOT)))
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static int longestCommonSubsequence(List<String> a, List<String> b) {
        int[] row = new int[b.size() + 1]; // row[j]: of the words of a so far and the first j of b
        for (String word : a) {
            int diagonal = 0;
            for (int j = 1; j <= b.size(); j++) {
                int above = row[j];
                row[j] = word.equals(b.get(j - 1)) ? diagonal + 1 : Math.max(above, row[j - 1]);
                diagonal = above;
            }
        }
        return row[b.size()];
    }
}
