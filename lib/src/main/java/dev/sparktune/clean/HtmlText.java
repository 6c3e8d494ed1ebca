package dev.sparktune.clean;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jsoup.parser.Parser;

/**
 * The text that a browser would show of a review with tags and entities in it. A review is no document: only the names of
 * HTML's own elements make a tag, so that {@code a < b}, {@code <3} and {@code <JUST OK>} stay, which a parser of HTML would
 * take for tags and swallow. Entities are jsoup's, read as in an attribute: {@code &copy=1} in an address stays.
 */
final class HtmlText {
    /** Where a browser begins a new line. */
    private static final Set<String> BLOCKS = Set.of(
            "address",
            "article",
            "blockquote",
            "body",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "head",
            "header",
            "hr",
            "html",
            "li",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "tbody",
            "thead",
            "title",
            "tr",
            "ul");

    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "acronym", "b", "big", "cite", "code", "del", "em", "font", "i", "iframe", "img", "ins", "kbd",
            "label", "link", "mark", "meta", "q", "s", "small", "span", "strike", "strong", "sub", "sup", "tt", "u",
            "wbr");

    private static final Set<String> CELLS = Set.of("td", "th");
    /** What stands between their tags is shown nowhere. */
    private static final Set<String> HIDDEN = Set.of("script", "style");

    private static final int LONGEST_NAME = 10;
    private static final String COMMENT = "<!--";
    private static final String COMMENT_END = "-->";

    /** {@code &amp;#39;}: software encoded a text that was encoded already. Nobody writes so. */
    private static final Pattern TWICE_ENCODED =
            Pattern.compile("&amp;(#\\d{1,7};|#[xX][0-9a-fA-F]{1,6};|quot;|apos;|amp;|lt;|gt;|nbsp;)");

    private final String html;
    private final StringBuilder text;
    /** Ends that were looked for to the last character and are not there: so that nobody looks again. */
    private final Set<String> absent = new HashSet<>();

    private HtmlText(String html) {
        this.html = html;
        text = new StringBuilder(html.length());
    }

    static String of(String html) {
        String untagged = html.indexOf('<') < 0 ? html : new HtmlText(html).untagged();
        String decoded = untagged.indexOf('&') < 0 ? untagged : decoded(untagged);
        return decoded.equals(html) ? html : decoded.strip();
    }

    private static String decoded(String text) {
        // A space that must not break: a matter of layout, not of text.
        String once = TWICE_ENCODED.matcher(text).replaceAll("&$1");
        String decoded = Parser.unescapeEntities(once.replace("&nbsp;", " ").replace("&#160;", " "), true);
        return text.contains("&#") ? wellFormed(decoded) : decoded;
    }

    /** A number may name what is no character: zero, or half of a pair whose other half is missing. */
    private static String wellFormed(String text) {
        StringBuilder wellFormed = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? 0xFFFD : c)
                .forEach(wellFormed::appendCodePoint);
        return wellFormed.toString();
    }

    private String untagged() {
        int from = 0;
        for (int tag = html.indexOf('<'); tag >= 0; tag = html.indexOf('<', Math.max(tag + 1, from))) {
            int end = html.startsWith(COMMENT, tag) ? endOf(COMMENT_END, tag) : -1;
            String name = end < 0 ? nameAt(tag) : "";
            end = end < 0 && !name.isEmpty() ? endOfTag(tag, name) : end;
            if (end < 0) {
                continue;
            }
            text.append(html, from, tag);
            show(name);
            from = HIDDEN.contains(name) && html.charAt(tag + 1) != '/' ? endOfHidden(name, end) : end;
        }
        return text.append(html, from, html.length()).toString();
    }

    private void show(String name) {
        if (name.equals("br")) {
            text.append('\n');
        } else if (BLOCKS.contains(name) && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        } else if (CELLS.contains(name) && !text.isEmpty() && !Character.isWhitespace(text.charAt(text.length() - 1))) {
            text.append(' ');
        }
    }

    /** Name of the element whose tag, of either kind, begins at {@code tag}; empty where none does. */
    private String nameAt(int tag) {
        int begin = tag + 1 < html.length() && html.charAt(tag + 1) == '/' ? tag + 2 : tag + 1;
        int end = begin;
        while (end < html.length() && end - begin <= LONGEST_NAME && isNamePart(html.charAt(end))) {
            end++;
        }
        String name = html.substring(begin, end).toLowerCase(Locale.ROOT);
        boolean known = name.equals("br")
                || BLOCKS.contains(name)
                || INLINE.contains(name)
                || CELLS.contains(name)
                || HIDDEN.contains(name);
        return known ? name : "";
    }

    private static boolean isNamePart(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    /** Behind the tag's {@code >}; -1 where what follows the name is no end and no attributes, as in {@code <b and c>}. */
    private int endOfTag(int tag, String name) {
        int begin = tag + 1 + name.length() + (html.charAt(tag + 1) == '/' ? 1 : 0);
        int end = begin;
        boolean attributes = false;
        boolean blank = true;
        while (end < html.length() && html.charAt(end) != '>' && html.charAt(end) != '<') {
            char c = html.charAt(end++);
            attributes |= c == '=';
            blank &= Character.isWhitespace(c) || c == '/';
        }
        boolean closed = end < html.length() && html.charAt(end) == '>';
        boolean apart = closed && (end == begin || !isNamePart(html.charAt(begin)));
        return apart && (blank || attributes && Character.isWhitespace(html.charAt(begin))) ? end + 1 : -1;
    }

    private int endOfHidden(String name, int from) {
        String close = "</" + name;
        if (!absent.contains(close)) {
            for (int at = html.indexOf('<', from); at >= 0; at = html.indexOf('<', at + 1)) {
                if (html.regionMatches(true, at, close, 0, close.length())) {
                    return at;
                }
            }
            absent.add(close);
        }
        return from;
    }

    private int endOf(String close, int from) {
        int at = absent.contains(close) ? -1 : html.indexOf(close, from);
        if (at < 0) {
            absent.add(close);
            return -1;
        }
        return at + close.length();
    }
}
