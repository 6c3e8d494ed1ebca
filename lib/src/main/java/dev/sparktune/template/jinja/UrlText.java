package dev.sparktune.template.jinja;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The filter urlencode: a text, or the pairs of a query. */
final class UrlText {
    private static final String HEX = "0123456789ABCDEF";

    private UrlText() {}

    static String encode(Context context, Object value) {
        boolean pairs = value instanceof Dict
                || value instanceof List
                || value instanceof Tuple
                || value instanceof DictView
                || value instanceof OneShot
                || value instanceof Range
                || value instanceof Undefined;
        if (!pairs) {
            return quoted(context, TextFilters.text(context, value), "/");
        }
        Object items = value instanceof Dict dict ? new DictView(DictView.Kind.ITEMS, dict) : value;
        List<String> query = new ArrayList<>();
        for (Iterator<Object> each = Iteration.of(context, items); each.hasNext(); ) {
            List<Object> pair = Iteration.list(context, each.next());
            if (pair.size() != 2) {
                throw new EvalException("a query is made of pairs, but got " + pair.size() + " values");
            }
            query.add(part(context, pair.get(0)) + "=" + part(context, pair.get(1)));
        }
        return String.join("&", query);
    }

    private static String part(Context context, Object value) {
        return quoted(context, Printer.str(context, value), "").replace("%20", "+");
    }

    private static String quoted(Context context, String text, String safe) {
        context.charge(text.length() * 3L);
        StringBuilder out = new StringBuilder(text.length());
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain =
                    c < 0x80 && (Character.isLetterOrDigit(c) || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0);
            if (plain) {
                out.append(c);
            } else {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            }
        }
        return out.toString();
    }
}
