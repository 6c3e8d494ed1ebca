package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The filters over a text. */
final class TextFilters {
    static final Map<String, Builtin> TABLE = table();

    private TextFilters() {}

    private static Map<String, Builtin> table() {
        Map<String, Builtin> table = new HashMap<>();
        table.put("lower", onText(Unicode::lower));
        table.put("upper", onText(Unicode::upper));
        table.put("capitalize", onText(Text::capitalize));
        table.put("title", onText(Text::titleFilter));
        table.put("wordcount", Builtin.of("", (context, self, a) -> wordCount(context, text(context, self))));
        table.put(
                "trim",
                Builtin.of(
                        "chars?",
                        (context, self, a) -> StringMethods.strip(context, text(context, self), a[0], true, true)));
        table.put(
                "replace",
                Builtin.of(
                        "old new count?",
                        (context, self, a) -> Text.replace(
                                context,
                                Printer.str(context, self),
                                Printer.str(context, a[0]),
                                Printer.str(context, a[1]),
                                orElse(a[2], null) == null ? -1 : Values.integer(a[2]))));
        table.put("join", Builtin.of("d? attribute?", (context, self, a) -> join(context, self, a)));
        table.put("format", Builtin.open((context, self, arguments) -> format(context, self, arguments)));
        table.put(
                "center",
                Builtin.of(
                        "width?",
                        (context, self, a) -> StringMethods.center(
                                context, text(context, self), Values.integer(orElse(a[0], 80L)), " ")));
        table.put("indent", Builtin.of("width? first? blank?", (context, self, a) -> indent(context, self, a)));
        table.put(
                "truncate",
                Builtin.of("length? killwords? end? leeway?", (context, self, a) -> truncate(context, self, a)));
        table.put(
                "wordwrap",
                Builtin.of(
                        "width? break_long_words? wrapstring? break_on_hyphens?",
                        (context, self, a) -> wrap(context, self, a)));
        table.put("urlencode", Builtin.of("", (context, self, a) -> UrlText.encode(context, self)));
        table.put(
                "highlight",
                Builtin.of(
                        "",
                        (context, self, a) -> "<span style='color: #F08080'>" + StringMethods.text(self) + "</span>"));
        return table;
    }

    /** Jinja's soft_str: Markup would stay Markup, and is refused. */
    static String text(Context context, Object self) {
        if (self instanceof Markup) {
            throw new EvalException("filters over Markup are not supported; make it a text with the filter 'string'"
                    + " or 'join' first");
        }
        return Printer.str(context, self);
    }

    private static Builtin onText(UnaryOperator<String> change) {
        return Builtin.of("", (context, self, a) -> {
            String text = text(context, self);
            context.charge(text.length());
            return change.apply(text);
        });
    }

    private static String join(Context context, Object self, Object[] a) {
        String separator = Printer.str(context, orElse(a[0], ""));
        Object attribute = orElse(a[1], null);
        AttributePath path = attribute == null ? null : AttributePath.of(attribute);
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Iterator<Object> items = Iteration.of(context, self); items.hasNext(); first = false) {
            Object item = items.next();
            context.charge(separator.length());
            out.append(first ? "" : separator);
            Printer.str(context, path == null ? item : path.get(context, item), out);
        }
        return out.toString();
    }

    private static String format(Context context, Object self, Arguments arguments) {
        if (arguments.names().isEmpty()) {
            return PercentFormat.apply(context, text(context, self), new Tuple(arguments.positional()));
        } else if (!arguments.positional().isEmpty()) {
            throw new EvalException("can't handle positional and keyword arguments at the same time");
        }
        return PercentFormat.apply(context, text(context, self), arguments.toDict());
    }

    private static long wordCount(Context context, String s) {
        context.charge(s.length());
        long words = 0;
        boolean inWord = false;
        for (int i = 0; i < s.length(); ) {
            int c = s.codePointAt(i);
            boolean word = Unicode.isWord(c);
            words += word && !inWord ? 1 : 0;
            inWord = word;
            i += Character.charCount(c);
        }
        return words;
    }

    private static String indent(Context context, Object self, Object[] a) {
        Object width = orElse(a[0], 4L);
        if (!(width instanceof String)) {
            context.charge(Math.max(0, Values.integer(width)));
        }
        String indention = width instanceof String s ? s : " ".repeat((int) Math.max(0, Values.integer(width)));
        boolean blank = Values.truth(orElse(a[2], false));
        List<Object> lines = Text.splitLines(StringMethods.text(self) + "\n", false);
        StringBuilder out = new StringBuilder(Values.truth(orElse(a[1], false)) ? indention : "");
        context.charge(((String) self).length());
        for (int i = 0; i < lines.size(); i++) {
            String line = (String) lines.get(i);
            context.charge(indention.length());
            out.append(i == 0 ? "" : "\n").append(i > 0 && (blank || !line.isEmpty()) ? indention : "");
            out.append(line);
        }
        return out.toString();
    }

    private static Object truncate(Context context, Object self, Object[] a) {
        long length = Values.integer(orElse(a[0], 255L));
        String end = StringMethods.text(orElse(a[2], "..."));
        long leeway = Values.integer(orElse(a[3], null) == null ? (Object) 5L : a[3]);
        if (length < Text.length(end)) {
            throw new EvalException("expected length >= " + Text.length(end) + ", got " + length);
        } else if (leeway < 0) {
            throw new EvalException("expected leeway >= 0, got " + leeway);
        }
        if (Values.length(self) <= length + leeway) {
            return self; // whatever it is
        }
        String s = StringMethods.text(self);
        context.charge(s.length());
        String cut = s.substring(0, Text.offset(s, (int) length - Text.length(end)));
        int space = cut.lastIndexOf(' ');
        return (Values.truth(orElse(a[1], false)) || space < 0 ? cut : cut.substring(0, space)) + end;
    }

    private static String wrap(Context context, Object self, Object[] a) {
        String s = StringMethods.text(self);
        String newline = orElse(a[2], null) == null ? "\n" : StringMethods.text(a[2]);
        WordWrap wrap = new WordWrap(
                Values.integer(orElse(a[0], 79L)), Values.truth(orElse(a[1], true)), Values.truth(orElse(a[3], true)));
        context.charge(s.length());
        context.charge(
                ((long) s.length() * s.length()) >> 8); // the rest of a long word is copied for each of its lines
        StringBuilder out = new StringBuilder();
        boolean first = true;
        for (Object paragraph : Text.splitLines(s, false)) {
            List<String> lines = wrap.lines((String) paragraph);
            context.charge(newline.length() * (lines.size() + 1L));
            out.append(first ? "" : newline).append(String.join(newline, lines));
            first = false;
        }
        return out.toString();
    }
}
