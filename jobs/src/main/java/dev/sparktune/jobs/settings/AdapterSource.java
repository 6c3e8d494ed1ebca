package dev.sparktune.jobs.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of {@code evaluate.adapter}.
 *
 * @param name what results and the report call it
 * @param uri its PEFT directory
 */
public record AdapterSource(String name, String uri) {
    private static final Pattern NAMED = Pattern.compile("([A-Za-z0-9][A-Za-z0-9._-]{0,99})@(.+)");

    /**
     * Entries {@code NAME@URI}; or {@code URI}, whose name is its last part.
     *
     * @throws SettingsException for two of one name
     */
    public static List<AdapterSource> of(String key, List<String> entries) {
        List<AdapterSource> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : entries) {
            Matcher named = NAMED.matcher(entry);
            String uri = (named.matches() ? named.group(2) : entry).replaceAll("/+$", "");
            String name = named.matches() ? named.group(1) : uri.substring(uri.lastIndexOf('/') + 1);
            if (name.isBlank()) {
                throw new SettingsException(key + ": URI or NAME@URI wanted, but there is '" + entry + "'");
            }
            if (!names.add(name)) {
                throw new SettingsException(
                        key + " has two adapters called '" + name + "'; give each a name, as NAME@URI");
            }
            sources.add(new AdapterSource(name, uri));
        }
        return sources;
    }
}
