package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Python's knowledge of characters where Java's differs: title case, case folding, digits, what prints. Java 17 has
 * Unicode 13, Python 3.11 Unicode 14: characters that came between print as they do there, and asking for their case or
 * kind is an error.
 */
final class Unicode {
    /** Characters of Unicode 14 that print; all of them unassigned in Unicode 13. */
    private static final int[][] NEW =
            ranges("61d 870-88e 898-89f 8b5 8c8-8d2 c3c c5d cdd 170d 1715 171f 180f 1ac1-1ace"
                    + " 1b4c 1b7d-1b7e 1dfa 20c0 2c2f 2c5f 2e53-2e5d 9ffd-9fff a7c0-a7c1 a7d0-a7d1 a7d3 a7d5-a7d9 a7f2-a7f4 fbc2"
                    + " fd40-fd4f fdcf fdfe-fdff 10570-1057a 1057c-1058a 1058c-10592 10594-10595 10597-105a1 105a3-105b1"
                    + " 105b3-105b9 105bb-105bc 10780-10785 10787-107b0 107b2-107ba 10f70-10f89 11070-11075 110c2 116b9"
                    + " 11740-11746 11ab0-11abf 12f90-12ff2 16a70-16abe 16ac0-16ac9 1aff0-1aff3 1aff5-1affb 1affd-1affe"
                    + " 1b11f-1b122 1cf00-1cf2d 1cf30-1cf46 1cf50-1cfc3 1d1e9-1d1ea 1df00-1df1e 1e290-1e2ae 1e7e0-1e7e6"
                    + " 1e7e8-1e7eb 1e7ed-1e7ee 1e7f0-1e7fe 1f6dd-1f6df 1f7f0 1f979 1f9cc 1fa7b-1fa7c 1faa9-1faac 1fab7-1faba"
                    + " 1fac3-1fac5 1fad7-1fad9 1fae0-1fae7 1faf0-1faf6 2a6de-2a6df 2b735-2b738");

    /** Digits that are no decimal digits: superscripts, numbers in circles. */
    private static final int[][] DIGITS = ranges("b2-b3 b9 1369-1371 19da 2070 2074-2079 2080-2089 2460-2468 2474-247c"
            + " 2488-2490 24ea 24f5-24fd 24ff 2776-277e 2780-2788 278a-2792 10a40-10a43 10e60-10e68 11052-1105a"
            + " 1f100-1f10a");

    /** Title case that is neither Java's nor made of upper and lower case. */
    private static final Map<Integer, String> TITLES = Map.of(
            0x149, "\u02bcN",
            0x1fb2, "\u1fba\u0345",
            0x1fb4, "\u0386\u0345",
            0x1fb7, "\u0391\u0342\u0345",
            0x1fc2, "\u1fca\u0345",
            0x1fc4, "\u0389\u0345",
            0x1fc7, "\u0397\u0342\u0345",
            0x1ff2, "\u1ffa\u0345",
            0x1ff4, "\u038f\u0345",
            0x1ff7, "\u03a9\u0342\u0345");

    private static final char SIGMA = '\u03a3';

    /** Punctuation that may stand inside a word. */
    private static final String IN_WORDS =
            "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07" + "\uff0e\uff1a";

    private Unicode() {}

    private static int[][] ranges(String text) {
        List<int[]> ranges = new ArrayList<>();
        for (String range : text.split(" ")) {
            String[] ends = range.split("-");
            ranges.add(new int[] {Integer.parseInt(ends[0], 16), Integer.parseInt(ends[ends.length - 1], 16)});
        }
        return ranges.toArray(new int[0][]);
    }

    private static boolean in(int[][] ranges, int c) {
        for (int[] range : ranges) {
            if (c >= range[0] && c <= range[1]) {
                return true;
            }
        }
        return false;
    }

    /** @throws EvalException for a letter that Java does not know yet */
    private static void requireKnown(int c) {
        boolean emoji = c >= 0x1f000 && c < 0x20000;
        if (Character.getType(c) == Character.UNASSIGNED && !emoji && in(NEW, c)) {
            throw new EvalException(
                    String.format("the character U+%04X is newer than Java's Unicode: its case is not known", c));
        }
    }

    private static void requireKnown(String s) {
        for (int i = 0; i < s.length(); i++) {
            if (s.charAt(i) > 0x600) {
                s.codePoints().forEach(Unicode::requireKnown);
                return;
            }
        }
    }

    static String lower(String s) {
        requireKnown(s);
        if (s.indexOf(SIGMA) < 0) {
            return s.toLowerCase(Locale.ROOT);
        }
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            out.append(lower(s, i));
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /** One character of a text in lower case: a sigma at a word's end has a form of its own. */
    static String lower(String s, int at) {
        int c = s.codePointAt(at);
        if (c != SIGMA) {
            return Character.toString(c).toLowerCase(Locale.ROOT);
        }
        int before = at;
        do {
            before -= before == 0 ? 1 : Character.charCount(s.codePointBefore(before));
        } while (before >= 0 && isIgnored(s.codePointAt(before)));
        int after = at + 1;
        while (after < s.length() && isIgnored(s.codePointAt(after))) {
            after += Character.charCount(s.codePointAt(after));
        }
        boolean end = before >= 0
                && isCased(s.codePointAt(before))
                && (after == s.length() || !isCased(s.codePointAt(after)));
        return end ? "\u03c2" : "\u03c3";
    }

    /** Whether a character says nothing about where a word ends: Unicode's Case_Ignorable. */
    private static boolean isIgnored(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> IN_WORDS.indexOf(c) >= 0;
        };
    }

    static String upper(String s) {
        requireKnown(s);
        return s.toUpperCase(Locale.ROOT);
    }

    /** One character in title case, which may be up to three: ß is Ss. */
    static String title(int c) {
        requireKnown(c);
        String known = TITLES.get(c);
        if (known != null) {
            return known;
        }
        int title = Character.toTitleCase(c);
        boolean georgian = c >= 0x10d0 && c <= 0x10ff;
        if (title != c || Character.isTitleCase(c) || georgian) {
            return Character.toString(title);
        }
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        int first = Character.charCount(upper.codePointAt(0));
        return upper.substring(0, first) + upper.substring(first).toLowerCase(Locale.ROOT);
    }

    static String fold(String s) {
        requireKnown(s);
        StringBuilder out = new StringBuilder(s.length());
        s.codePoints().forEach(c -> {
            boolean cherokeeUpper = c >= 0x13a0 && c <= 0x13f5;
            boolean cherokeeLower = (c >= 0x13f8 && c <= 0x13fd) || (c >= 0xab70 && c <= 0xabbf);
            String upper = Character.toString(c).toUpperCase(Locale.ROOT);
            if (cherokeeUpper || c == 0x131) {
                out.appendCodePoint(c);
            } else if (cherokeeLower) {
                out.append(upper);
            } else if (c == 0x1e9e) {
                out.append("ss");
            } else {
                upper.codePoints().forEach(u -> out.append(Character.toString(u).toLowerCase(Locale.ROOT)));
            }
        });
        return out.toString();
    }

    static boolean isCased(int c) {
        requireKnown(c);
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    static boolean isLower(int c) {
        requireKnown(c);
        return Character.isLowerCase(c);
    }

    static boolean isUpperOrTitle(int c) {
        requireKnown(c);
        return Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    static boolean isAlpha(int c) {
        requireKnown(c);
        return Character.isLetter(c);
    }

    static boolean isDecimal(int c) {
        requireKnown(c);
        return Character.isDigit(c);
    }

    static boolean isDigit(int c) {
        return isDecimal(c) || in(DIGITS, c);
    }

    /** @throws EvalException for Han characters, of which some are numbers */
    static boolean isNumeric(int c) {
        requireKnown(c);
        if (Character.isIdeographic(c)) {
            throw new EvalException(String.format("whether U+%04X is a number is not known", c));
        }
        return isNumber(c);
    }

    /** What a regular expression's {@code \w} takes. */
    static boolean isWord(int c) {
        return isAlpha(c) || isNumber(c) || c == '_';
    }

    private static boolean isNumber(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }

    static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            case Character.UNASSIGNED -> in(NEW, c);
            default -> true;
        };
    }
}
