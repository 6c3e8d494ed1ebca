package dev.sparktune.jobs.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes secrets out of what is written or shown: user-info and signatures in URIs, values of keys that name a secret. */
public final class Redaction {
    private static final String HIDDEN = "*********(redacted)";

    /** But for Azure's, whose URIs have a container there and never a password without a name. */
    private static final Pattern USER_INFO =
            Pattern.compile("(?<=://)(?!(?<=\\b(?:abfs|wasb)s?://)[^/\\s@\"':]+@)[^/\\s@\"']+@");

    private static final Pattern QUERY_SECRET = Pattern.compile(
            "(?i)(?<=[?&;])([a-z0-9_.-]*(?:sig|signature|token|secret|password|passwd|pwd|credential|key)[a-z0-9_.-]*)=[^&\\s\"']+");

    /** Spark's own default (spark.redaction.regex), for keys that users name: reader options and Spark properties. */
    private static final Pattern SECRET_KEY = Pattern.compile("(?i)secret|password|token|access[.]?key");

    private Redaction() {}

    /** For messages, paths and any other text. */
    public static String text(String text) {
        return text == null
                ? null
                : QUERY_SECRET
                        .matcher(USER_INFO.matcher(text).replaceAll(HIDDEN + "@"))
                        .replaceAll("$1=" + HIDDEN.replace("$", "\\$"));
    }

    /** The same tree with every text redacted; inside maps named {@code options}, secret keys lose their value too. */
    public static Object tree(Object value) {
        return tree(value, false);
    }

    private static Object tree(Object value, boolean userNamedKeys) {
        if (value instanceof String text) {
            return text(text);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(item -> tree(item, userNamedKeys)).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> clean = new LinkedHashMap<>();
            map.forEach((key, item) -> clean.put(
                    key,
                    userNamedKeys && SECRET_KEY.matcher(key.toString()).find()
                            ? HIDDEN
                            : tree(item, userNamedKeys || "options".equals(key))));
            return clean;
        }
        return value;
    }
}
