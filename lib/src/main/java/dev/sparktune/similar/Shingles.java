package dev.sparktune.similar;

import java.util.Arrays;

/**
 * A text as the set of its character 5-grams, hashed to 32 bits; case and the kind of white space do not count. A text shorter
 * than that is one shingle, an empty one has none.
 */
public final class Shingles {
    private static final int LENGTH = 5;

    private Shingles() {}

    /** @return ascending, each once */
    public static int[] of(String text) {
        int[] hashes = hashes(text);
        Arrays.sort(hashes);
        int size = 0;
        for (int i = 0; i < hashes.length; i++) {
            if (i == 0 || hashes[i] != hashes[i - 1]) {
                hashes[size++] = hashes[i];
            }
        }
        return Arrays.copyOf(hashes, size);
    }

    /** |a ∩ b| / |a ∪ b| of two sets as {@link #of} makes them; 0 where one is empty: nothing is like no text. */
    public static double jaccard(int[] a, int[] b) {
        if (a.length == 0 || b.length == 0) {
            return 0;
        }
        int common = 0;
        for (int i = 0, j = 0; i < a.length && j < b.length; ) {
            if (a[i] == b[j]) {
                common++;
                i++;
                j++;
            } else if (a[i] < b[j]) {
                i++;
            } else {
                j++;
            }
        }
        return (double) common / (a.length + b.length - common);
    }

    /** One for each place, repeated ones as often as they occur. */
    static int[] hashes(String text) {
        String folded = folded(text);
        if (folded.isEmpty()) {
            return new int[0];
        }
        int[] hashes = new int[Math.max(1, folded.length() - LENGTH + 1)];
        for (int start = 0; start < hashes.length; start++) {
            int hash = 0;
            for (int i = start; i < Math.min(start + LENGTH, folded.length()); i++) {
                hash = hash * 0x01000193 ^ folded.charAt(i);
            }
            hashes[start] = mixed(hash);
        }
        return hashes;
    }

    private static String folded(String text) {
        StringBuilder folded = new StringBuilder(text.length());
        boolean space = true; // none in front
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isWhitespace(c) && !Character.isSpaceChar(c)) {
                folded.append(Character.toLowerCase(c));
                space = false;
            } else if (!space) {
                folded.append(' ');
                space = true;
            }
        }
        if (space && folded.length() > 0) {
            folded.setLength(folded.length() - 1);
        }
        return folded.toString();
    }

    /** MurmurHash3's last step: every bit of the hash depends on every bit of its argument. */
    private static int mixed(int hash) {
        int h = hash;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
