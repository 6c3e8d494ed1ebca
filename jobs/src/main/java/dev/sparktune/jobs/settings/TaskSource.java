package dev.sparktune.jobs.settings;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an entry of {@code train.tasks} or {@code evaluate.tasks} names.
 *
 * @param name what results and the report call it: the task, or the whole entry where another entry has that task already
 * @param task value of the data's column {@code task}; empty for every task there is
 * @param data URI of the prepared data
 */
public record TaskSource(String name, Optional<String> task, String data) {

    /** The entries {@code TASK} and {@code TASK@URI}; without any, all tasks of the pipeline's own data. */
    public static List<TaskSource> of(List<String> entries, String ownData) {
        if (entries.isEmpty()) {
            return List.of(new TaskSource("", Optional.empty(), ownData));
        }
        List<TaskSource> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : entries) {
            int at = entry.indexOf('@');
            String task = at < 0 ? entry : entry.substring(0, at);
            String data = at < 0 ? ownData : entry.substring(at + 1);
            sources.add(new TaskSource(names.add(task) ? task : entry, Optional.of(task), data));
        }
        return sources;
    }

    /** @throws SettingsException for an entry of another form */
    public static void check(String key, List<String> entries) {
        for (String entry : entries) {
            if (entry.isBlank() || entry.startsWith("@") || entry.endsWith("@")) {
                throw new SettingsException(key + ": TASK or TASK@URI wanted, but there is '" + entry + "'");
            }
        }
    }
}
