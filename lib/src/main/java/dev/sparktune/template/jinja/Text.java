package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Python's str over Java's: positions and lengths count code points, whitespace is what {@code str.isspace} says. */
final class Text {
    private Text() {}

    static boolean isSpace(int c) {
        return (c >= 9 && c <= 13)
                || (c >= 0x1c && c <= 0x20)
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || (c >= 0x2000 && c <= 0x200a)
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    static int length(String s) {
        return s.codePointCount(0, s.length());
    }

    /** The Java index of a code point's index. */
    static int offset(String s, int codePoints) {
        return s.offsetByCodePoints(0, codePoints);
    }

    /** By code point, where Java's own order is by UTF-16 unit. */
    static int compare(String x, String y) {
        int n = Math.min(x.length(), y.length());
        for (int i = 0; i < n; i++) {
            char a = x.charAt(i);
            char b = y.charAt(i);
            if (a != b) {
                boolean bothSurrogates = Character.isSurrogate(a) == Character.isSurrogate(b);
                return bothSurrogates ? Character.compare(a, b) : Character.isSurrogate(a) ? 1 : -1;
            }
        }
        return Integer.compare(x.length(), y.length());
    }

    static String strip(String s) {
        return strip(s, 0, s.length());
    }

    /** The part of the text from {@code start} to {@code end}, stripped. */
    static String strip(String s, int start, int end) {
        int first = start;
        int last = end;
        while (last > first && isSpace(s.charAt(last - 1))) {
            last--;
        }
        while (first < last && isSpace(s.charAt(first))) {
            first++;
        }
        return s.substring(first, last);
    }

    static String lstrip(String s) {
        int start = 0;
        while (start < s.length() && isSpace(s.charAt(start))) {
            start++;
        }
        return s.substring(start);
    }

    static String rstrip(String s) {
        int end = s.length();
        while (end > 0 && isSpace(s.charAt(end - 1))) {
            end--;
        }
        return s.substring(0, end);
    }

    /** Strips whichever of the given characters stand at the chosen ends. */
    static String strip(String s, String characters, boolean left, boolean right) {
        int start = 0;
        int end = s.length();
        while (left && start < end && characters.indexOf(s.codePointAt(start)) >= 0) {
            start += Character.charCount(s.codePointAt(start));
        }
        while (right && end > start && characters.indexOf(s.codePointBefore(end)) >= 0) {
            end -= Character.charCount(s.codePointBefore(end));
        }
        return s.substring(start, end);
    }

    /** {@code s.split(None, limit)}: words between runs of whitespace; a negative limit is none. */
    static List<Object> splitWords(String s, long limit) {
        List<Object> words = new ArrayList<>();
        int at = 0;
        while (true) {
            while (at < s.length() && isSpace(s.charAt(at))) {
                at++;
            }
            if (at >= s.length()) {
                return words;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(s.substring(at));
                return words;
            }
            int start = at;
            while (at < s.length() && !isSpace(s.charAt(at))) {
                at++;
            }
            words.add(s.substring(start, at));
        }
    }

    /** {@code s.split(separator, limit)} for a separator; a negative limit is none. */
    static List<Object> split(String s, String separator, long limit) {
        if (separator.isEmpty()) {
            throw new EvalException("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int i = s.indexOf(separator); i >= 0 && (limit < 0 || parts.size() < limit); ) {
            parts.add(s.substring(start, i));
            start = i + separator.length();
            i = s.indexOf(separator, start);
        }
        parts.add(s.substring(start));
        return parts;
    }

    /** {@code s.rsplit(None, limit)}: as {@link #splitWords}, with the limit counted from the end. */
    static List<Object> splitWordsFromEnd(String s, long limit) {
        List<Object> words = new ArrayList<>();
        int end = s.length();
        while (true) {
            while (end > 0 && isSpace(s.charAt(end - 1))) {
                end--;
            }
            if (end == 0) {
                break;
            }
            if (limit >= 0 && words.size() >= limit) {
                words.add(s.substring(0, end));
                break;
            }
            int start = end;
            while (start > 0 && !isSpace(s.charAt(start - 1))) {
                start--;
            }
            words.add(s.substring(start, end));
            end = start;
        }
        Collections.reverse(words);
        return words;
    }

    /** {@code s.rsplit(separator, limit)} for a separator. */
    static List<Object> splitFromEnd(String s, String separator, long limit) {
        if (separator.isEmpty()) {
            throw new EvalException("empty separator");
        }
        List<Object> parts = new ArrayList<>();
        int end = s.length();
        for (int i = s.lastIndexOf(separator, end - separator.length());
                i >= 0 && end >= separator.length() && (limit < 0 || parts.size() < limit); ) {
            parts.add(s.substring(i + separator.length(), end));
            end = i;
            i = end < separator.length() ? -1 : s.lastIndexOf(separator, end - separator.length());
        }
        parts.add(s.substring(0, end));
        Collections.reverse(parts);
        return parts;
    }

    /** {@code s.replace(old, replacement, limit)}; a negative limit is none; an empty old stands between all characters. */
    static String replace(Context context, String s, String old, String replacement, long limit) {
        context.charge(s.length());
        context.chargeSearch(s, old);
        StringBuilder out = new StringBuilder(s.length() + 16);
        long done = 0;
        int start = 0;
        if (old.isEmpty()) {
            for (; start < s.length() && (limit < 0 || done < limit); done++) {
                int next = start + Character.charCount(s.codePointAt(start));
                context.charge(replacement.length() + 1L);
                out.append(replacement).append(s, start, next);
                start = next;
            }
            if (start >= s.length() && (limit < 0 || done < limit)) {
                out.append(replacement);
            }
        } else {
            for (int i = s.indexOf(old); i >= 0 && (limit < 0 || done < limit); done++) {
                context.charge(replacement.length() + 1L);
                out.append(s, start, i).append(replacement);
                start = i + old.length();
                i = s.indexOf(old, start);
            }
            if (done == 0) {
                return s;
            }
        }
        return out.append(s, start, s.length()).toString();
    }

    /** First character in title case, the rest lower. */
    static String capitalize(String s) {
        if (s.isEmpty()) {
            return s;
        }
        int first = Character.charCount(s.codePointAt(0));
        String lower = Unicode.lower(s);
        return Unicode.title(s.codePointAt(0))
                + lower.substring(Unicode.lower(s.substring(0, first)).length());
    }

    /** Each word's first letter in title case, other letters lower; a word is a run of cased letters. */
    static String titleWords(String s) {
        StringBuilder out = new StringBuilder(s.length());
        boolean inWord = false;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            out.append(inWord ? Unicode.lower(s, i) : Unicode.title(c));
            inWord = Unicode.isCased(c);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /** Jinja's filter title: the first character behind a space, hyphen or opening bracket upper, the others lower. */
    static String titleFilter(String s) {
        StringBuilder out = new StringBuilder(s.length());
        for (int start = 0; start < s.length(); ) {
            boolean gap = startsWord(s.codePointAt(start));
            int end = start;
            while (end < s.length() && startsWord(s.codePointAt(end)) == gap) {
                end += Character.charCount(s.codePointAt(end));
            }
            int rest = start + Character.charCount(s.codePointAt(start));
            out.append(Unicode.upper(s.substring(start, rest))).append(Unicode.lower(s.substring(rest, end)));
            start = end;
        }
        return out.toString();
    }

    private static boolean startsWord(int c) {
        return isSpace(c) || c == '-' || c == '(' || c == '{' || c == '[' || c == '<';
    }

    /** Upper case becomes lower and the other way round. */
    static String swapCase(String s) {
        StringBuilder out = new StringBuilder(s.length());
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            String one = Character.toString(c);
            out.append(Character.isUpperCase(c) ? Unicode.lower(s, i) : Unicode.isLower(c) ? Unicode.upper(one) : one);
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /** Whether a line ends at a character, as {@code str.splitlines} has it. */
    private static boolean isLineEnd(char c) {
        return (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static List<Object> splitLines(String s, boolean keepEnds) {
        List<Object> lines = new ArrayList<>();
        for (int start = 0; start < s.length(); ) {
            int end = start;
            while (end < s.length() && !isLineEnd(s.charAt(end))) {
                end++;
            }
            int next = s.startsWith("\r\n", end) ? end + 2 : Math.min(end + 1, s.length());
            lines.add(s.substring(start, keepEnds ? next : end));
            start = next;
        }
        return lines;
    }

    static String expandTabs(Context context, String s, long size) {
        StringBuilder out = new StringBuilder(s.length());
        long column = 0;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\t') {
                long spaces = size > 0 ? size - column % size : 0;
                context.charge(spaces);
                out.append(" ".repeat((int) spaces));
                column += spaces;
            } else {
                out.appendCodePoint(c);
                column = c == '\n' || c == '\r' ? 0 : column + 1;
            }
        }
        return out.toString();
    }

    /** @throws EvalException for half of a surrogate pair, which is a character in Python and none in Java */
    static String ofCodePoint(int c) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            throw new EvalException(String.format("the character U+%04X is half of a pair", c));
        }
        return Character.toString(c);
    }
}
