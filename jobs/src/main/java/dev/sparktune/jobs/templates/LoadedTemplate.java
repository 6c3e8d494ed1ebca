package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.PromptTemplate.Definition;
import dev.sparktune.template.TemplateLibrary;
import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A template of a library, whatever its state.
 *
 * @param id its key in the YAML where it is not in PromptSource's form
 * @param name the same
 * @param definition empty where it is not in PromptSource's form
 * @param template empty where it does not compile
 * @param error why one of them is empty; null where neither is
 */
record LoadedTemplate(
        String dataset,
        String id,
        String name,
        Optional<Definition> definition,
        Optional<PromptTemplate> template,
        String error) {

    /**
     * All of a data set, in the file's order, those that cannot be read last.
     *
     * @throws JobFailure if the file is no template library
     */
    static List<LoadedTemplate> of(LibraryDirectory library, String dataset) throws IOException {
        List<LoadedTemplate> unread = new ArrayList<>();
        List<LoadedTemplate> all = new ArrayList<>();
        try {
            TemplateLibrary.definitions(
                            dataset,
                            library.yaml(dataset),
                            (key, wrong) -> unread.add(new LoadedTemplate(
                                    dataset, key, key, Optional.empty(), Optional.empty(), wrong.getMessage())))
                    .forEach(definition -> all.add(compiled(dataset, definition)));
        } catch (IllegalArgumentException e) {
            throw new JobFailure(e.getMessage().replaceAll("\\s*\\R\\s*", " "), e);
        }
        all.addAll(unread);
        return all;
    }

    /**
     * Those of one name or id, or all.
     *
     * @param names empty for all
     * @throws JobFailure for a name that none has
     */
    static List<LoadedTemplate> select(List<LoadedTemplate> all, List<String> names) {
        for (String name : names) {
            if (all.stream().noneMatch(template -> template.isNamed(name))) {
                List<String> known = all.stream().map(LoadedTemplate::name).toList();
                throw new JobFailure("--name: no template '" + name + "'"
                        + (known.isEmpty() ? "" : "; the nearest is '" + Nearest.of(name, known) + "'"));
            }
        }
        return all.stream()
                .filter(template -> names.isEmpty() || names.stream().anyMatch(template::isNamed))
                .toList();
    }

    private boolean isNamed(String nameOrId) {
        return name.equals(nameOrId) || id.equals(nameOrId);
    }

    private static LoadedTemplate compiled(String dataset, Definition definition) {
        Optional<PromptTemplate> template = Optional.empty();
        String error = null;
        try {
            template = Optional.of(PromptTemplate.compile(dataset, definition));
        } catch (TemplateException e) {
            error = e.getMessage();
        }
        return new LoadedTemplate(
                dataset, definition.id(), definition.name(), Optional.of(definition), template, error);
    }
}
