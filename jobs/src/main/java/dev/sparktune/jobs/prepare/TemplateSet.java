package dev.sparktune.jobs.prepare;

import dev.sparktune.jobs.input.InputForm;
import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Locations;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.settings.InputSettings;
import dev.sparktune.jobs.settings.SettingsException;
import dev.sparktune.jobs.settings.TemplateSettings;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.TemplateLibrary;
import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The templates that a run renders. It travels to the tasks as its YAML and is compiled where it is used. */
public final class TemplateSet implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int MOST_BYTES = 8 << 20;

    private final String dataset;
    private final String yaml;
    private final List<String> names;
    private transient List<PromptTemplate> templates;

    TemplateSet(String dataset, String yaml, List<String> names) {
        this.dataset = dataset;
        this.yaml = yaml;
        this.names = List.copyOf(names);
    }

    /** What the settings alone can tell. */
    static void check(TemplateSettings templates, InputSettings input) {
        if (resolved(templates, input).dataset() == null) {
            throw new SettingsException(
                    "templates.dataset: is required, unless input.form is alpaca or messages, which have templates of their own");
        }
    }

    /** With the data set of the input's form where the user named none. */
    static TemplateSettings resolved(TemplateSettings templates, InputSettings input) {
        InputForm form = InputForm.named(input.form());
        return templates.dataset() != null || form == InputForm.TABLE
                ? templates
                : new TemplateSettings(templates.library(), form.key(), templates.names());
    }

    /**
     * @param key of the section that names them, for errors
     * @throws JobFailure when there is no such data set or template, or one that is asked for does not compile
     */
    public static TemplateSet read(String key, TemplateSettings settings, Locations locations) throws IOException {
        try {
            String uri = settings.library() + "/" + TemplateLibrary.pathOf(settings.dataset());
            if (!locations.exists(uri)) {
                throw new JobFailure(key + ".dataset: " + settings.dataset() + " is not in the library; there is no "
                        + Redaction.text(uri));
            }
            TemplateSet set = new TemplateSet(settings.dataset(), locations.read(uri, MOST_BYTES), settings.names());
            if (set.all().isEmpty()) {
                throw new JobFailure(Redaction.text(uri) + ": has no templates");
            }
            return set;
        } catch (IllegalArgumentException e) {
            throw new JobFailure(key + ": " + e.getMessage(), e);
        } catch (TemplateException e) {
            throw new JobFailure(e.getMessage(), e);
        }
    }

    /** In the order of the names. */
    public List<PromptTemplate> all() {
        if (templates == null) {
            templates = TemplateLibrary.parse(dataset, yaml).select(names);
        }
        return templates;
    }

    /** The columns that the templates ask for. */
    Set<String> fields() {
        return all().stream()
                .flatMap(template -> template.fields().keySet().stream())
                .collect(Collectors.toSet());
    }

    /** Task → its templates, in the order of the names. */
    Map<String, List<PromptTemplate>> byTask() {
        return all().stream()
                .collect(Collectors.groupingBy(PromptTemplate::task, LinkedHashMap::new, Collectors.toList()));
    }
}
