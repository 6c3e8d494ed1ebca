package dev.sparktune.template;

import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The templates of one data set: a {@code templates.yaml} in PromptSource's form, which lies under {@code
 * LIBRARY/NAME[/SUBSET]/}. One key is our own: {@code task} in a template's metadata names its task; without it the task is
 * the template's name in lower case with hyphens.
 *
 * <p>A template that cannot be compiled does not spoil the others: it is an error when it is asked for.
 */
public final class TemplateLibrary {
    private static final Pattern SEGMENT = Pattern.compile("[\\p{L}\\p{N}_+-][\\p{L}\\p{N}_+.-]*");

    /** {@code user/dataset/subset} is the deepest that PromptSource has. */
    private static final int MAX_SEGMENTS = 3;

    private final String origin;
    private final List<PromptTemplate> templates;
    private final Map<String, TemplateException> broken;

    private TemplateLibrary(String origin, List<PromptTemplate> templates, Map<String, TemplateException> broken) {
        this.origin = origin;
        this.templates = List.copyOf(templates);
        this.broken = broken;
    }

    /**
     * Where a data set's templates lie under the root of a library: {@code "glue/mrpc"} is {@code
     * glue/mrpc/templates.yaml}.
     *
     * @throws IllegalArgumentException for a name that would lead elsewhere
     */
    public static String pathOf(String dataset) {
        String[] segments = dataset.split("/", -1);
        boolean plain = segments.length <= MAX_SEGMENTS;
        for (String segment : segments) {
            plain &= SEGMENT.matcher(segment).matches();
        }
        if (!plain) {
            throw new IllegalArgumentException(
                    "a template data set is NAME or NAME/SUBSET of letters, digits, '_', '-', '+'"
                            + " and '.' (not first), but is '" + dataset + "'");
        }
        return dataset + "/templates.yaml";
    }

    /**
     * Reads a {@code templates.yaml} in UTF-8.
     *
     * @param origin where the text comes from, for messages; a data set's name or a path
     * @param yaml read to its end, not closed
     * @throws IllegalArgumentException if it is not YAML in PromptSource's form
     */
    public static TemplateLibrary parse(String origin, InputStream yaml) throws IOException {
        return parse(origin, new String(yaml.readAllBytes(), StandardCharsets.UTF_8));
    }

    /** The same from a text. */
    public static TemplateLibrary parse(String origin, String yaml) {
        List<PromptTemplate> templates = new ArrayList<>();
        Map<String, TemplateException> broken = new LinkedHashMap<>();
        for (PromptTemplate.Definition definition : new PromptSourceYaml(origin).read(yaml)) {
            try {
                templates.add(PromptTemplate.compile(origin, definition));
            } catch (TemplateException e) {
                broken.put(definition.name(), e);
                broken.put(definition.id(), e);
            }
        }
        return new TemplateLibrary(origin, templates, broken);
    }

    /**
     * The templates of a {@code templates.yaml} as it has them, in its order, none compiled.
     *
     * @param onWrong takes the key of a template that is not in PromptSource's form, and why
     * @throws IllegalArgumentException if the whole text is not
     */
    public static List<PromptTemplate.Definition> definitions(
            String origin, String yaml, BiConsumer<String, IllegalArgumentException> onWrong) {
        return new PromptSourceYaml(origin).read(yaml, onWrong);
    }

    /** The templates that compiled, in the order of the file. */
    public List<PromptTemplate> templates() {
        return templates;
    }

    /** Why templates did not compile, each once. */
    public List<TemplateException> broken() {
        return broken.values().stream().distinct().toList();
    }

    /**
     * The templates of these names or ids, in their order; all of the library for an empty list.
     *
     * @throws TemplateException if one that is asked for did not compile
     * @throws IllegalArgumentException if there is none of a name, or more than one
     */
    public List<PromptTemplate> select(List<String> names) {
        if (names.isEmpty()) {
            for (TemplateException e : broken.values()) {
                throw e;
            }
            return templates;
        }
        return names.stream().map(this::get).toList();
    }

    /**
     * The one template of this name or id.
     *
     * @param name the template's name or id
     * @throws TemplateException if it did not compile
     * @throws IllegalArgumentException if there is none of this name, or more than one
     */
    public PromptTemplate get(String name) {
        if (broken.containsKey(name)) {
            throw broken.get(name);
        }
        List<PromptTemplate> found = templates.stream()
                .filter(t -> t.name().equals(name) || t.id().equals(name))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        } else if (found.size() > 1) {
            throw new IllegalArgumentException(origin + " has " + found.size() + " templates named '" + name
                    + "'; name one by its id: "
                    + found.stream().map(PromptTemplate::id).collect(Collectors.joining(", ")));
        }
        throw new IllegalArgumentException(origin + " has no template '" + name + "', but "
                + templates.stream().map(PromptTemplate::name).sorted().collect(Collectors.joining(", ")));
    }
}
