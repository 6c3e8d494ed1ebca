package dev.sparktune.synthetic;

import java.util.List;
import java.util.Locale;

/** What makes real review texts hard to read by machine, each kind at about the rate it has in real sets or above. */
final class Dirt {
    private Dirt() {}

    /** The body of a review, in most cases clean. */
    static String body(Draws draws, List<String> sentences) {
        String plain = String.join(" ", sentences);
        double kind = draws.uniform();
        if (kind < 0.80) {
            return plain;
        } else if (kind < 0.86) {
            return String.join(draws.chance(0.5) ? "<br />" : "<br /><br />", sentences);
        } else if (kind < 0.89) {
            return plain.replaceFirst("\\b(the|my) (\\w+)", "$1 &#34;$2&#34;").replace(" and ", " &amp; ");
        } else if (kind < 0.93) {
            return plain.toLowerCase(Locale.ROOT).replace(".", "");
        } else if (kind < 0.95) {
            return plain.toUpperCase(Locale.ROOT);
        } else if (kind < 0.975) {
            return plain + " " + draws.pick(EMOJI);
        } else if (kind < 0.982) {
            return plain.replace(".", "!!!");
        } else if (kind < 0.986) {
            return plain.replaceFirst(" ", "\uFFFD");
        } else if (kind < 0.990) {
            return String.join(" ||| ", sentences);
        } else if (kind < 0.994) {
            return plain + " " + draws.pick(TEMPLATE_LIKE);
        } else if (kind < 0.997) {
            return "  " + String.join("\n\n", sentences) + "\t";
        }
        return draws.chance(0.7) ? "" : " ";
    }

    /** {@code text}, now and then in another case: "us" beside "US". */
    static String oddCase(Draws draws, String text) {
        return draws.chance(0.05) ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static final List<String> EMOJI = List.of("😀", "👍", "❤️", "😡", "👎🏽", "⭐");

    /** Code in a review is text: whoever renders it must not run it. */
    private static final List<String> TEMPLATE_LIKE =
            List.of("{{ 7*7 }}", "{% if true %}", "{{ review_body }}", "{# note #}", "${jndi:none}");
}
