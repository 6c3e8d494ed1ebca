package dev.sparktune.template.jinja;

/**
 * Text that Jinja marks as HTML: what {@code escape}, {@code safe} and {@code tojson} return. It prints, joins and compares as its
 * text does; its methods would escape what they are given and are refused.
 */
record Markup(String text) {
    /** Python's {@code html.escape} with MarkupSafe's entities. */
    static String escape(Context context, String text) {
        context.charge(text.length() * 5L);
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '\'' -> out.append("&#39;");
                case '"' -> out.append("&#34;");
                default -> out.append(c);
            }
        }
        return out.toString();
    }
}
