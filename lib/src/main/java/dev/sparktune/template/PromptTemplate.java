package dev.sparktune.template;

import dev.sparktune.template.jinja.JinjaTemplate;
import dev.sparktune.template.jinja.Row;
import dev.sparktune.template.jinja.TemplateException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One template of a library, compiled: {@code prompt ||| target} in Jinja, and for closed questions the answer choices
 * between {@code |||}.
 *
 * <p>{@code "{{text}} Good or bad? ||| {{answer_choices[label]}}"} with the choices {@code "bad ||| good"} makes of {@code
 * {text: "A joy.", label: 1}} the prompt {@code "A joy. Good or bad?"}, the target {@code "good"} and the answer choices
 * {@code ["bad", "good"]}.
 *
 * <p>Any number of threads may render. The object is not serializable: send the library's YAML to another machine and read
 * it there by {@link TemplateLibrary#parse}, which takes milliseconds.
 */
public final class PromptTemplate {
    /** The variable in which a template finds its answer choices. */
    static final String ANSWER_CHOICES = "answer_choices";

    static final String SEPARATOR = "|||";

    /** Behind a template's name, in messages about its answer choices. */
    static final String OF_CHOICES = " (answer choices)";

    /** Stands for {@code |||} inside a field while rendering; the text is PromptSource's. */
    private static final String PROTECTED = "3ed2dface8203c4c9dfb1a5dc58e41e0";

    /** Keeps the draws of the prompt apart from those of the answer choices. */
    private static final long PROMPT_DRAWS = 0x9e3779b97f4a7c15L;

    private final Definition definition;
    private final String qualifiedName;
    private final JinjaTemplate parts;
    private final JinjaTemplate answerChoices;
    private final String hash;

    /**
     * A template as its YAML has it.
     *
     * @param id a UUID; what a record of a data set refers to
     * @param name unique in its library
     * @param task short name of what the template asks for; null where the YAML does not say
     * @param jinja prompt and target, separated by {@code |||}
     * @param answerChoices Jinja that renders to texts between {@code |||}; null where the answer is open
     * @param metrics PromptSource's names of the metrics that suit the task
     * @param languages ISO codes of the prompt's languages
     * @param choicesInPrompt whether the prompt names the answer choices; null where the YAML does not say
     * @param originalTask whether this is the task the data set was made for
     */
    public record Definition(
            String id,
            String name,
            String task,
            String jinja,
            String answerChoices,
            List<String> metrics,
            List<String> languages,
            Boolean choicesInPrompt,
            boolean originalTask) {}

    private PromptTemplate(
            Definition definition, String qualifiedName, JinjaTemplate parts, JinjaTemplate answerChoices) {
        this.definition = definition;
        this.qualifiedName = qualifiedName;
        this.parts = parts;
        this.answerChoices = answerChoices;
        this.hash = sha256(definition);
    }

    /**
     * Reads the template's Jinja.
     *
     * @param library where the template comes from, for messages
     * @throws TemplateException if the Jinja cannot be read or uses something that is not supported
     */
    public static PromptTemplate compile(String library, Definition definition) {
        String name = library + "/" + definition.name();
        JinjaTemplate choices = definition.answerChoices() == null
                ? null
                : JinjaTemplate.compile(name + OF_CHOICES, definition.answerChoices());
        return new PromptTemplate(definition, name, JinjaTemplate.compile(name, definition.jinja()), choices);
    }

    public String id() {
        return definition.id();
    }

    public String name() {
        return definition.name();
    }

    /** Short name of what the template asks for, else the template's name; templates of one task are measured together. */
    public String task() {
        return taskOf(definition);
    }

    /** The same of a template that is not compiled. */
    public static String taskOf(Definition definition) {
        return definition.task() == null ? slug(definition.name()) : definition.task();
    }

    public Definition definition() {
        return definition;
    }

    /**
     * The columns that it asks for, each with the line where it first does; see {@link JinjaTemplate#fields}. {@code answer_choices} is
     * among them where the template asks for answer choices that it has not.
     */
    public Map<String, Integer> fields() {
        Map<String, Integer> fields = new LinkedHashMap<>(parts.fields());
        if (answerChoices != null) {
            answerChoices.fields().forEach(fields::putIfAbsent);
            fields.remove(ANSWER_CHOICES);
        }
        return fields;
    }

    /** SHA-256, in hexadecimal, of what renders: Jinja and answer choices. */
    public String hash() {
        return hash;
    }

    /**
     * What the template makes of one row.
     *
     * @param row column name to value; see {@link Row} for the values it may hold
     * @param seed of the template's random draws; the same seed, row and template render the same
     * @throws TemplateException where Python would raise, where something is not supported, beyond the limits, and for more
     *     than two parts
     */
    public Rendering render(Map<String, ?> row, long seed) {
        Row variables = new Row(row, PromptTemplate::protect);
        List<String> choices = choices(variables, seed);
        List<String> parts = parts(variables, seed);
        if (parts.size() < 2) {
            return new Rendering.Skipped(Rendering.Reason.FEWER_THAN_TWO_PARTS);
        } else if (parts.size() > 2) {
            throw new TemplateException(
                    qualifiedName,
                    1,
                    "rendered " + parts.size() + " parts between '|||', but a prompt and a target make 2");
        } else if (parts.get(0).isEmpty()) {
            return new Rendering.Skipped(Rendering.Reason.EMPTY_PROMPT);
        } else if (parts.get(1).isEmpty()) {
            return new Rendering.Skipped(Rendering.Reason.EMPTY_TARGET);
        } else if (choices != null && !choices.contains(parts.get(1))) {
            return new Rendering.Skipped(Rendering.Reason.TARGET_NOT_A_CHOICE);
        }
        return new Rendering.Example(parts.get(0), parts.get(1), choices);
    }

    /**
     * What PromptSource makes of a row, before anyone asks whether it is an example.
     *
     * @param parts the rendered text's parts between {@code |||}, without whitespace at their ends: whatever their number
     * @param answerChoices null where the template has none
     */
    public record Parts(List<String> parts, List<String> answerChoices) {}

    /** As {@link #render}, but for what is judged there. */
    public Parts parts(Map<String, ?> row, long seed) {
        Row variables = new Row(row, PromptTemplate::protect);
        List<String> choices = choices(variables, seed);
        return new Parts(parts(variables, seed), choices);
    }

    /**
     * The prompt alone, without whitespace at its ends; empty where the template has nothing to ask. What stands behind the
     * first {@code |||} is not rendered: the row needs no answer yet.
     *
     * @throws TemplateException as {@link #render}
     */
    public String prompt(Map<String, ?> row, long seed) {
        Row variables = new Row(row, PromptTemplate::protect);
        choices(variables, seed);
        String rendered = parts.renderTo(SEPARATOR, variables, seed ^ PROMPT_DRAWS);
        return restored(split(rendered)).get(0);
    }

    private List<String> parts(Row row, long seed) {
        return restored(split(parts.render(row, seed ^ PROMPT_DRAWS)));
    }

    /** The answer choices, which also become the variable {@code answer_choices}; null (None) where there are none. */
    private List<String> choices(Row row, long seed) {
        List<String> choices = answerChoices == null ? null : split(answerChoices.render(row, seed));
        row.put(ANSWER_CHOICES, choices);
        return choices == null ? null : restored(choices);
    }

    /** The texts between {@code |||}, without whitespace at their ends. */
    static List<String> split(String text) {
        List<String> parts = new ArrayList<>(2);
        int start = 0;
        for (int i = text.indexOf(SEPARATOR); i >= 0; i = text.indexOf(SEPARATOR, start)) {
            parts.add(JinjaTemplate.strip(text, start, i));
            start = i + SEPARATOR.length();
        }
        parts.add(JinjaTemplate.strip(text, start, text.length()));
        return parts;
    }

    private static String protect(String field) {
        return field.contains(SEPARATOR) ? field.replace(SEPARATOR, PROTECTED) : field;
    }

    private static List<String> restored(List<String> texts) {
        texts.replaceAll(text -> text.contains(PROTECTED) ? text.replace(PROTECTED, SEPARATOR) : text);
        return texts;
    }

    private static String sha256(Definition definition) {
        String choices = definition.answerChoices() == null ? "" : "\0" + definition.answerChoices();
        try {
            byte[] text = (definition.jinja() + choices).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** A name as a task's name: {@code "Reviewer Opinion (bad, good)"} is {@code reviewer-opinion-bad-good}. */
    static String slug(String name) {
        String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
        return slug.replaceAll("^-|-$", "");
    }
}
