package dev.sparktune.template.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's {@code textwrap.wrap} of one paragraph, whitespace kept as it is.
 *
 * @param width characters of a line
 * @param breakLongWords whether a word longer than a line is cut
 * @param breakOnHyphens whether a line may end behind a hyphen in a word
 */
record WordWrap(long width, boolean breakLongWords, boolean breakOnHyphens) {
    private static final String SPACE = "[\\t\\n\\x0b\\x0c\\r ]";
    private static final String NO_SPACE = "[^\\t\\n\\x0b\\x0c\\r ]";
    private static final String WORD = "[\\p{L}\\p{N}_]";
    private static final String WORD_OR_MARK = "[\\p{L}\\p{N}_!\"'&.,?]";
    private static final String LETTER = "[\\p{L}\\p{Nl}\\p{No}_]";

    private static final Pattern CHUNK = Pattern.compile(SPACE + "+"
            + "|(?<=" + WORD_OR_MARK + ")-{2,}(?=" + WORD + ")"
            + "|" + NO_SPACE + "+?(?:"
            + "-(?:(?<=" + LETTER + "{2}-)|(?<=" + LETTER + "-" + LETTER + "-))(?=" + LETTER + "-?" + LETTER + ")"
            + "|(?=" + SPACE + "|\\z)"
            + "|(?<=" + WORD_OR_MARK + ")(?=-{2,}" + WORD + "))");
    private static final Pattern SIMPLE_CHUNK = Pattern.compile(SPACE + "+|" + NO_SPACE + "+");

    WordWrap {
        if (width < 1) {
            throw new EvalException("invalid width " + width + " (must be > 0)");
        }
    }

    List<String> lines(String paragraph) {
        Deque<String> chunks = chunks(paragraph);
        List<String> lines = new ArrayList<>();
        while (!chunks.isEmpty()) {
            List<String> line = new ArrayList<>();
            long length = 0;
            if (isBlank(chunks.peek()) && !lines.isEmpty()) {
                chunks.pop();
            }
            while (!chunks.isEmpty() && length + Text.length(chunks.peek()) <= width) {
                length += Text.length(chunks.peek());
                line.add(chunks.pop());
            }
            if (!chunks.isEmpty() && Text.length(chunks.peek()) > width) {
                takeLongWord(chunks, line, (int) (width - length));
            }
            if (!line.isEmpty() && isBlank(line.get(line.size() - 1))) {
                line.remove(line.size() - 1);
            }
            if (!line.isEmpty()) {
                lines.add(String.join("", line));
            }
        }
        return lines;
    }

    private Deque<String> chunks(String paragraph) {
        Deque<String> chunks = new ArrayDeque<>();
        Matcher matcher = (breakOnHyphens ? CHUNK : SIMPLE_CHUNK).matcher(paragraph);
        while (matcher.find()) {
            if (!matcher.group().isEmpty()) {
                chunks.add(matcher.group());
            }
        }
        return chunks;
    }

    private static boolean isBlank(String chunk) {
        return Text.strip(chunk).isEmpty();
    }

    private void takeLongWord(Deque<String> chunks, List<String> line, int space) {
        if (breakLongWords) {
            String word = chunks.pop();
            int end = Text.offset(word, space);
            int hyphen = word.lastIndexOf('-', end - 1);
            if (breakOnHyphens
                    && hyphen > 0
                    && word.substring(0, hyphen).chars().anyMatch(c -> c != '-')) {
                end = hyphen + 1;
            }
            line.add(word.substring(0, end));
            chunks.push(word.substring(end));
        } else if (line.isEmpty()) {
            line.add(chunks.pop());
        }
    }
}
