package dev.sparktune.template.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Python's {@code json.dumps}. */
final class JsonText {
    private final Context context;
    private final boolean ascii;
    private final String indent;
    private final String itemSeparator;
    private final String keySeparator;
    private final boolean sortKeys;
    private final StringBuilder out = new StringBuilder();

    /**
     * @param ascii whether other characters are written as escapes
     * @param indent None, a number of spaces or a text
     * @param separators None, or a list or tuple of what stands between items and behind keys
     */
    JsonText(Context context, boolean ascii, Object indent, Object separators, boolean sortKeys) {
        this.context = context;
        this.ascii = ascii;
        this.sortKeys = sortKeys;
        if (indent instanceof Long spaces) {
            context.charge(Math.max(0, spaces));
            this.indent = " ".repeat((int) Math.max(0, spaces));
        } else {
            this.indent = indent == null ? null : StringMethods.text(indent);
        }
        if (separators == null) {
            this.itemSeparator = this.indent == null ? ", " : ",";
            this.keySeparator = ": ";
        } else {
            List<Object> both = Iteration.list(context, separators);
            if (both.size() != 2) {
                throw new EvalException("separators must be two texts, but are " + both.size());
            }
            this.itemSeparator = StringMethods.text(both.get(0));
            this.keySeparator = StringMethods.text(both.get(1));
        }
    }

    String of(Object value) {
        write(value, 0);
        return out.toString();
    }

    private void write(Object value, int level) {
        context.charge(4);
        if (value instanceof String s) {
            quote(s);
        } else if (value instanceof Markup markup) {
            quote(markup.text());
        } else if (value == null || value instanceof Boolean || Values.isNumber(value)) {
            out.append(scalar(value));
        } else if (value instanceof Dict dict) {
            dict(dict, level + 1);
        } else if (value instanceof List<?> list) {
            list(list, level + 1);
        } else if (value instanceof Tuple tuple) {
            list(tuple.items(), level + 1);
        } else {
            throw new EvalException("Object of type " + Values.typeName(value) + " is not JSON serializable");
        }
    }

    private String scalar(Object value) {
        if (value == null) {
            return "null";
        } else if (value instanceof Boolean b) {
            return b ? "true" : "false";
        } else if (value instanceof Double d && !Double.isFinite(d)) {
            return Double.isNaN(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
        }
        return Printer.str(context, value);
    }

    private void list(List<?> list, int level) {
        if (list.isEmpty()) {
            out.append("[]");
            return;
        }
        context.deeper();
        out.append('[');
        String between = "";
        for (Object item : list) {
            out.append(between);
            newline(level);
            write(item, level);
            between = itemSeparator;
        }
        newline(level - 1);
        out.append(']');
        context.shallower();
    }

    private void dict(Dict dict, int level) {
        if (dict.size() == 0) {
            out.append("{}");
            return;
        }
        context.deeper();
        out.append('{');
        String between = "";
        for (Object key : keys(dict)) {
            out.append(between);
            newline(level);
            quote(key(key));
            out.append(keySeparator);
            write(dict.get(key), level);
            between = itemSeparator;
        }
        newline(level - 1);
        out.append('}');
        context.shallower();
    }

    private List<Object> keys(Dict dict) {
        List<Object> keys = new ArrayList<>();
        for (Iterator<Dict.Entry> entries = dict.iterator(); entries.hasNext(); ) {
            keys.add(entries.next().key());
        }
        return sortKeys ? Sorting.sorted(context, keys, key -> key, false) : keys;
    }

    private String key(Object key) {
        if (key instanceof String s) {
            return s;
        } else if (key == null || key instanceof Boolean || Values.isNumber(key)) {
            return scalar(key);
        }
        throw new EvalException("keys must be str, int, float, bool or None, not " + Values.typeName(key));
    }

    private void newline(int level) {
        if (indent != null) {
            context.charge((long) indent.length() * level);
            out.append('\n').append(indent.repeat(level));
        }
    }

    private void quote(String s) {
        context.charge(s.length());
        out.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || (ascii && c > 0x7e)) {
                        out.append(String.format("\\u%04x", (int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
