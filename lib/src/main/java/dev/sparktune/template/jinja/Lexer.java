package dev.sparktune.template.jinja;

import dev.sparktune.template.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Template text to tokens, by Jinja's rules: comments and whitespace inside tags vanish; {@code -} on a delimiter eats the
 * whitespace beside it; one newline at the very end of the text is dropped; every kind of newline reads as {@code \n}.
 */
final class Lexer {
    private static final String[] OPERATORS = {
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";"
    };

    private final String source;
    private final Syntax syntax;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int countedTo;

    private Lexer(String source, Syntax syntax) {
        this.source = source;
        this.syntax = syntax;
    }

    /** @throws SyntaxException where the text breaks Jinja's rules */
    static List<Token> tokens(String template, Syntax syntax) {
        String source = template.replace("\r\n", "\n").replace('\r', '\n');
        if (source.endsWith("\n") && !syntax.keepTrailingNewline()) {
            source = source.substring(0, source.length() - 1);
        }
        Lexer lexer = new Lexer(source, syntax);
        lexer.readAll();
        return lexer.tokens;
    }

    private void readAll() {
        boolean lineStart = true;
        while (at < source.length()) {
            int tag = nextTag(at);
            if (tag < 0) {
                add(Kind.DATA, source.substring(at), at);
                at = source.length();
                break;
            }
            char type = source.charAt(tag + 1);
            int body = tag + 2;
            char sign = body < source.length() ? source.charAt(body) : ' ';
            if (sign == '-' || sign == '+') {
                body++;
            } else {
                sign = ' ';
            }
            addText(at, tag, sign, type != '{', lineStart);
            at = body;
            switch (type) {
                case '#' -> readComment(tag);
                case '{' -> readTag(tag, Kind.VARIABLE_BEGIN, Kind.VARIABLE_END);
                default -> {
                    int raw = afterKeyword(body, "raw", false);
                    if (raw >= 0) {
                        at = raw;
                        readRaw(tag);
                    } else {
                        readTag(tag, Kind.BLOCK_BEGIN, Kind.BLOCK_END);
                    }
                }
            }
            lineStart = at > 0 && source.charAt(at - 1) == '\n';
        }
        add(Kind.END, "", source.length());
    }

    private int nextTag(int from) {
        for (int i = source.indexOf('{', from); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char next = source.charAt(i + 1);
            if (next == '{' || next == '%' || next == '#') {
                return i;
            }
        }
        return -1;
    }

    /** Adds source[from, to) as DATA, less the whitespace that the tag after it takes away. */
    private void addText(int from, int to, char sign, boolean block, boolean lineStart) {
        int end = to;
        if (sign == '-') {
            while (end > from && Text.isSpace(source.charAt(end - 1))) {
                end--;
            }
        } else if (sign != '+' && block && syntax.lstripBlocks()) {
            int start = Math.max(source.lastIndexOf('\n', to - 1) + 1, from);
            boolean ownLine = start > from || lineStart;
            if (ownLine && skipSpace(start) >= to) {
                end = start;
            }
        }
        if (end > from) {
            add(Kind.DATA, source.substring(from, end), from);
        }
    }

    private void readComment(int tag) {
        int end = source.indexOf("#}", at);
        if (end < 0) {
            throw error(tag, "the comment is never closed by '#}'");
        }
        closeTag(end, end > at ? source.charAt(end - 1) : ' ', true);
    }

    /** Sets the position behind a closing delimiter that starts at {@code end}. */
    private void closeTag(int end, char sign, boolean block) {
        at = end + 2;
        if (sign == '-') {
            at = skipSpace(at);
        } else if (sign != '+' && block && syntax.trimBlocks() && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }

    /**
     * The position behind {@code keyword %}} at {@code from} (after the opening delimiter), or -1 if something else stands
     * there.
     */
    private int afterKeyword(int from, String keyword, boolean closing) {
        int i = skipSpace(from);
        if (!source.startsWith(keyword, i)) {
            return -1;
        }
        i = skipSpace(i + keyword.length());
        char sign = i < source.length() ? source.charAt(i) : ' ';
        boolean signed = sign == '-' || (closing && sign == '+');
        if (!source.startsWith("%}", signed ? i + 1 : i)) {
            return -1;
        }
        int keep = at;
        closeTag(signed ? i + 1 : i, signed ? sign : ' ', closing);
        int after = at;
        at = keep;
        return after;
    }

    private void readRaw(int tag) {
        for (int i = source.indexOf("{%", at); i >= 0; i = source.indexOf("{%", i + 1)) {
            int body = i + 2;
            char sign = body < source.length() ? source.charAt(body) : ' ';
            boolean signed = sign == '-' || sign == '+';
            int after = afterKeyword(signed ? body + 1 : body, "endraw", true);
            if (after >= 0) {
                addText(at, i, signed ? sign : ' ', true, source.charAt(at - 1) == '\n');
                at = after;
                return;
            }
        }
        throw error(tag, "'raw' is never closed by 'endraw'");
    }

    private void readTag(int tag, Kind begin, Kind end) {
        add(begin, "", tag);
        boolean block = begin == Kind.BLOCK_BEGIN;
        String closing = block ? "%}" : "}}";
        Deque<Character> open = new ArrayDeque<>();
        while (true) {
            at = skipSpace(at);
            if (at >= source.length()) {
                throw error(tag, "the tag is never closed by '" + closing + "'");
            }
            if (open.isEmpty()) {
                char sign = source.charAt(at);
                boolean signed = sign == '-' || (block && sign == '+');
                int close = signed ? at + 1 : at;
                if (source.startsWith(closing, close)) {
                    add(end, "", close);
                    closeTag(close, signed ? sign : ' ', block);
                    return;
                }
            }
            readToken(open);
        }
    }

    private void readToken(Deque<Character> open) {
        char c = source.charAt(at);
        if (c >= '0' && c <= '9') {
            readNumber();
        } else if (isNamePart(at)) {
            int start = at;
            while (at < source.length() && isNamePart(at)) {
                at += Character.charCount(source.codePointAt(at));
            }
            add(Kind.NAME, source.substring(start, at), start);
        } else if (c == '\'' || c == '"') {
            readString(c);
        } else {
            readOperator(open);
        }
    }

    private boolean isNamePart(int i) {
        int c = source.codePointAt(i);
        return c == '_' || Character.isLetterOrDigit(c);
    }

    private void readOperator(Deque<Character> open) {
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                switch (operator) {
                    case "{" -> open.push('}');
                    case "(" -> open.push(')');
                    case "[" -> open.push(']');
                    case "}", ")", "]" -> {
                        if (open.isEmpty() || open.pop() != operator.charAt(0)) {
                            throw error(at, "unexpected '" + operator + "'");
                        }
                    }
                    default -> {}
                }
                add(Kind.OPERATOR, operator, at);
                at += operator.length();
                return;
            }
        }
        throw error(at, "unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }

    private void readNumber() {
        if (source.charAt(at) == '0' && at + 1 < source.length() && "xXoObB".indexOf(source.charAt(at + 1)) >= 0) {
            readPrefixedNumber();
        } else {
            readDecimalNumber();
        }
        if (at < source.length() && isNamePart(at)) {
            throw error(at, "a number runs into a name: '" + source.charAt(at) + "'");
        }
    }

    /** 0x1F, 0o17 or 0b11. */
    private void readPrefixedNumber() {
        int start = at;
        at += 2;
        while (at < source.length() && (Character.isLetterOrDigit(source.charAt(at)) || source.charAt(at) == '_')) {
            at++;
        }
        Object value = NumberText.integer(source.substring(start, at), 0);
        if (value == null) {
            throw error(start, "no number: '" + source.substring(start, at) + "'");
        }
        add(Kind.INTEGER, Whole.big(value).toString(), start);
    }

    private void readDecimalNumber() {
        int start = at;
        boolean afterDot = start > 0 && source.charAt(start - 1) == '.';
        int whole = digits(start);
        int end = whole;
        if (!afterDot) {
            if (end < source.length() && source.charAt(end) == '.' && digits(end + 1) > end + 1) {
                end = digits(end + 1);
            }
            if (end < source.length() && (source.charAt(end) == 'e' || source.charAt(end) == 'E')) {
                int exponent = end + 1;
                if (exponent < source.length() && (source.charAt(exponent) == '+' || source.charAt(exponent) == '-')) {
                    exponent++;
                }
                if (digits(exponent) > exponent) {
                    end = digits(exponent);
                }
            }
        }
        String text = source.substring(start, end).replace("_", "");
        if (end > whole) {
            add(Kind.FLOAT, text, start);
        } else if (text.charAt(0) == '0' && text.chars().anyMatch(c -> c != '0')) {
            throw error(start, "a number with leading zeros: '" + text + "'");
        } else {
            add(Kind.INTEGER, text, start);
        }
        at = end;
    }

    /** The end of a run of digits with single underscores between them. */
    private int digits(int from) {
        int i = from;
        while (i < source.length()
                && (isDigit(i) || (source.charAt(i) == '_' && i > from && isDigit(i - 1) && isDigit(i + 1)))) {
            i++;
        }
        return i;
    }

    private boolean isDigit(int i) {
        return i < source.length() && source.charAt(i) >= '0' && source.charAt(i) <= '9';
    }

    /** A quoted text with Python's escapes; an escape Python does not know keeps its backslash. */
    private void readString(char quote) {
        int start = at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            if (at >= source.length()) {
                throw error(start, "a quoted text is never closed by " + quote);
            }
            char c = source.charAt(at++);
            if (c == quote) {
                break;
            }
            if (c != '\\' || at >= source.length()) {
                value.append(c);
                continue;
            }
            char escape = source.charAt(at++);
            switch (escape) {
                case '\n' -> {}
                case '\\', '\'', '"' -> value.append(escape);
                case 'a' -> value.append('\u0007');
                case 'b' -> value.append('\b');
                case 'f' -> value.append('\f');
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case 'v' -> value.append('\u000b');
                case 'x' -> value.appendCodePoint(hex(start, 2));
                case 'u' -> value.append(character(start, hex(start, 4)));
                case 'U' -> value.append(character(start, hex(start, 8)));
                case 'N' -> throw error(start, "characters by name ('\\N{...}') are not supported");
                case '0', '1', '2', '3', '4', '5', '6', '7' -> value.append(octal());
                default -> value.append('\\').append(escape);
            }
        }
        add(Kind.STRING, value.toString(), start);
    }

    private int hex(int start, int length) {
        int value = 0;
        for (int i = 0; i < length; i++) {
            int digit = at < source.length() ? Character.digit(source.charAt(at++), 16) : -1;
            if (digit < 0 || value > 0xFFFFFFF) {
                throw error(start, "a broken escape: " + length + " hexadecimal digits are needed");
            }
            value = value << 4 | digit;
        }
        if (!Character.isValidCodePoint(value)) {
            throw error(start, "a broken escape: no character has this number");
        }
        return value;
    }

    private String character(int start, int c) {
        try {
            return Text.ofCodePoint(c);
        } catch (EvalException e) {
            throw error(start, e.getMessage());
        }
    }

    private char octal() {
        int end = Math.min(source.length(), at + 2);
        int value = source.charAt(at - 1) - '0';
        while (at < end && source.charAt(at) >= '0' && source.charAt(at) <= '7') {
            value = value * 8 + source.charAt(at++) - '0';
        }
        return (char) value;
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < source.length() && Text.isSpace(source.charAt(i))) {
            i++;
        }
        return i;
    }

    private void add(Kind kind, String text, int position) {
        tokens.add(new Token(kind, text, lineOf(position)));
    }

    private int lineOf(int position) {
        for (; countedTo < position; countedTo++) {
            if (source.charAt(countedTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    private SyntaxException error(int position, String reason) {
        long newlines = source.chars().limit(position).filter(c -> c == '\n').count();
        return new SyntaxException((int) newlines + 1, reason);
    }
}
