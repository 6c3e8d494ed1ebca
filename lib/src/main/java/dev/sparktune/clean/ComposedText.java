package dev.sparktune.clean;

import java.text.Normalizer;

/** Unicode's Normalization Form C. */
final class ComposedText {
    /** Sorting a run of marks costs its square; no writing puts more of them on a letter (Unicode's Stream-Safe Text Format). */
    private static final int MOST_MARKS = 30;

    private ComposedText() {}

    static String of(String text) {
        if (isLatin1(text)) {
            return text;
        }
        StringBuilder composed = null;
        int from = 0;
        int marks = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            marks = isMark(text.codePointAt(i)) ? marks + 1 : 0;
            if (marks > MOST_MARKS) {
                composed = composed == null ? new StringBuilder(text.length()) : composed;
                composed.append(Normalizer.normalize(text.substring(from, i), Normalizer.Form.NFC));
                from = i;
                marks = 1;
            }
        }
        if (composed == null) {
            return Normalizer.isNormalized(text, Normalizer.Form.NFC)
                    ? text
                    : Normalizer.normalize(text, Normalizer.Form.NFC);
        }
        return composed.append(Normalizer.normalize(text.substring(from), Normalizer.Form.NFC))
                .toString();
    }

    /** Such text is composed by definition, and most is such. */
    private static boolean isLatin1(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xFF) {
                return false;
            }
        }
        return true;
    }

    private static boolean isMark(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK
                || type == Character.ENCLOSING_MARK;
    }
}
