package dev.sparktune.jobs.evaluate;

import dev.sparktune.jobs.settings.EvaluateSettings;
import dev.sparktune.jobs.settings.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What {@code evaluate.tasks} names.
 *
 * @param name what results and the report call it: the task, or the whole entry where another entry has that task already
 * @param task value of the data's column {@code task}; empty for every task there is
 * @param data URI of the prepared data
 */
public record TaskSource(String name, Optional<String> task, String data) {

    /** The entries {@code TASK} and {@code TASK@URI}; without any, all tasks of the pipeline's own data. */
    public static List<TaskSource> of(Settings settings) {
        EvaluateSettings evaluate = settings.evaluate();
        if (evaluate.tasks().isEmpty()) {
            return List.of(new TaskSource("", Optional.empty(), settings.dataUri()));
        }
        List<TaskSource> sources = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (String entry : evaluate.tasks()) {
            int at = entry.indexOf('@');
            String task = at < 0 ? entry : entry.substring(0, at);
            String data = at < 0 ? settings.dataUri() : entry.substring(at + 1);
            sources.add(new TaskSource(names.add(task) ? task : entry, Optional.of(task), data));
        }
        return sources;
    }
}
