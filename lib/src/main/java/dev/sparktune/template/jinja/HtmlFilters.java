package dev.sparktune.template.jinja;

import static dev.sparktune.template.jinja.Builtin.orElse;

import java.util.Map;

/** The filters that write or remove HTML. */
final class HtmlFilters {
    static final Map<String, Builtin> TABLE = Map.of(
            "escape", Builtin.of("", (context, self, a) -> escape(context, self)),
            "e", Builtin.of("", (context, self, a) -> escape(context, self)),
            "forceescape",
                    Builtin.of(
                            "", (context, self, a) -> new Markup(Markup.escape(context, Printer.str(context, self)))),
            "safe", Builtin.of("", (context, self, a) -> new Markup(Printer.str(context, self))),
            "string", Builtin.of("", (context, self, a) -> self instanceof Markup ? self : Printer.str(context, self)),
            "striptags", Builtin.of("", (context, self, a) -> stripTags(context, Printer.str(context, self))),
            "tojson",
                    Builtin.of("indent?", (context, self, a) -> {
                        String json = new JsonText(context, true, orElse(a[0], null), null, true).of(self);
                        context.charge(json.length());
                        return new Markup(json.replace("<", "\\u003c")
                                .replace(">", "\\u003e")
                                .replace("&", "\\u0026")
                                .replace("'", "\\u0027"));
                    }));

    private HtmlFilters() {}

    private static Markup escape(Context context, Object self) {
        return self instanceof Markup markup ? markup : new Markup(Markup.escape(context, Printer.str(context, self)));
    }

    private static String stripTags(Context context, String text) {
        context.charge(text.length());
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int start = text.indexOf('<'); start >= 0; start = text.indexOf('<', at)) {
            boolean comment = text.startsWith("<!--", start);
            int end = comment ? text.indexOf("-->", start + 4) : text.indexOf('>', start);
            if (end < 0) {
                break;
            }
            out.append(text, at, start);
            at = end + (comment ? 3 : 1);
        }
        out.append(text, at, text.length());
        StringBuilder words = new StringBuilder();
        for (Object word : Text.splitWords(out.toString(), -1)) {
            words.append(words.length() == 0 ? "" : " ").append(word);
        }
        if (words.indexOf("&") >= 0) {
            throw new EvalException("the filter 'striptags' does not support text with an '&'");
        }
        return words.toString();
    }
}
