package dev.sparktune.template.jinja;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What stands behind the colon in {@code '{:>8.2f}'.format(x)}, for text and numbers. */
final class FormatSpec {
    private static final Pattern SYNTAX = Pattern.compile(
            "(?:(.)?([<>=^]))?([-+ ])?(#)?(0)?(\\d{1,6})?([,_])?(?:\\.(\\d{1,6}))?([a-zA-Z%])?", Pattern.DOTALL);

    private final Context context;
    private final String fill;
    private final char align;
    private final String sign;
    private final boolean alternate;
    private final int width;
    private final String grouping;
    private final int precision;
    private final char type;

    private FormatSpec(Context context, String spec) {
        Matcher m = SYNTAX.matcher(spec);
        if (!m.matches()) {
            throw new EvalException("the format '" + spec + "' is invalid or not supported");
        }
        if (m.group(7) != null && "n".equals(m.group(9))) {
            throw new EvalException("Cannot specify '" + m.group(7) + "' with 'n'.");
        }
        boolean zero = m.group(5) != null;
        this.context = context;
        this.fill = m.group(1) != null ? m.group(1) : zero ? "0" : " ";
        this.align = m.group(2) != null ? m.group(2).charAt(0) : zero ? '=' : 0;
        this.sign = m.group(3) == null ? "-" : m.group(3);
        this.alternate = m.group(4) != null;
        this.width = m.group(6) == null ? 0 : Integer.parseInt(m.group(6));
        this.grouping = m.group(7) == null ? "" : m.group(7);
        this.precision = m.group(8) == null ? -1 : Integer.parseInt(m.group(8));
        this.type = m.group(9) == null ? 0 : m.group(9).charAt(0);
        context.charge(Printer.FLOAT_STEPS + width + Math.max(0, precision));
    }

    static String apply(Context context, Object value, String spec) {
        if (value instanceof String s) {
            return spec.isEmpty() ? s : new FormatSpec(context, spec).text(s);
        } else if (spec.isEmpty()) {
            return Printer.str(context, value);
        } else if (value instanceof Double d) {
            return new FormatSpec(context, spec).real(d);
        } else if (Values.isInteger(value)) {
            return new FormatSpec(context, spec).integer(value);
        }
        throw new EvalException("unsupported format string passed to " + Values.typeName(value) + ".__format__");
    }

    private String text(String s) {
        boolean numeric = align == '=' || !sign.equals("-") || alternate || !grouping.isEmpty();
        if (numeric || (type != 0 && type != 's')) {
            throw new EvalException("the format is not allowed for a str");
        }
        int end = precision >= 0 && precision < Text.length(s) ? Text.offset(s, precision) : s.length();
        return aligned("", s.substring(0, end), '<');
    }

    private String integer(Object value) {
        if (value instanceof Boolean && type == 0) {
            throw new EvalException("formatting a bool is not supported; make it a text or an int first");
        }
        switch (type) {
            case 0, 'd', 'n' -> {
                return integer(Whole.text(Whole.big(value)), "", 3);
            }
            case 'b' -> {
                return integer(Whole.big(value).toString(2), "0b", 4);
            }
            case 'o' -> {
                return integer(Whole.big(value).toString(8), "0o", 4);
            }
            case 'x' -> {
                return integer(Whole.big(value).toString(16), "0x", 4);
            }
            case 'X' -> {
                return integer(Whole.big(value).toString(16).toUpperCase(Locale.ROOT), "0X", 4);
            }
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> {
                return real(Values.real(value));
            }
            default -> throw new EvalException("the format code '" + type + "' is not supported for an int");
        }
    }

    private String integer(String number, String prefix, int groups) {
        if (precision >= 0) {
            throw new EvalException("Precision not allowed in integer format specifier");
        } else if (groups == 4 && grouping.equals(",")) {
            throw new EvalException("Cannot specify ',' with '" + type + "'");
        }
        return number(number, alternate ? prefix : "", "", groups);
    }

    private String real(double d) {
        if (alternate) {
            throw new EvalException("the format '#' of a float is not supported");
        }
        int digits = precision < 0 ? 6 : precision;
        String text =
                switch (type) {
                    case 'e', 'E' -> NumberFormat.exponent(d, digits);
                    case 'f', 'F' -> NumberFormat.fixed(d, digits);
                    case 'g', 'G', 'n' -> NumberFormat.general(d, digits);
                    case '%' -> NumberFormat.fixed(d * 100, digits);
                    case 0 -> precision < 0 ? Printer.number(d) : NumberFormat.plain(d, precision);
                    default -> throw new EvalException("the format code '" + type + "' is not supported for a float");
                };
        text = Character.isUpperCase(type) ? text.toUpperCase(Locale.ROOT) : text;
        int tail = 0;
        while (tail < text.length() && (text.charAt(tail) == '-' || Character.isDigit(text.charAt(tail)))) {
            tail++;
        }
        return number(text.substring(0, tail), "", text.substring(tail) + (type == '%' ? "%" : ""), 3);
    }

    /** @param whole the digits in front of the point, perhaps with a minus; what is behind them is {@code tail} */
    private String number(String whole, String prefix, String tail, int groups) {
        boolean negative = whole.startsWith("-");
        String digits = negative ? whole.substring(1) : whole;
        String head = (negative ? "-" : sign.equals("-") ? "" : sign) + prefix;
        if (!grouping.isEmpty() && align == '=' && fill.equals("0")) {
            throw new EvalException("zeros in front of a grouped number are not supported");
        }
        return aligned(head, grouped(digits, groups) + tail, '>');
    }

    private String grouped(String digits, int groups) {
        if (grouping.isEmpty() || digits.isEmpty()) {
            return digits;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            out.append(i > 0 && (digits.length() - i) % groups == 0 ? grouping : "")
                    .append(digits.charAt(i));
        }
        return out.toString();
    }

    private String aligned(String head, String text, char usual) {
        int missing = Math.max(0, width - Text.length(head) - Text.length(text));
        return switch (align == 0 ? usual : align) {
            case '<' -> head + text + fill.repeat(missing);
            case '^' -> fill.repeat(missing / 2) + head + text + fill.repeat(missing - missing / 2);
            case '=' -> head + fill.repeat(missing) + text;
            default -> fill.repeat(missing) + head + text;
        };
    }
}
