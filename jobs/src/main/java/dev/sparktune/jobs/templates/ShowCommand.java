package dev.sparktune.jobs.templates;

import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.PromptTemplate.Definition;
import dev.sparktune.template.Rendering;
import dev.sparktune.template.TemplateLint.Sample;
import dev.sparktune.template.jinja.TemplateException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Templates for people: their text, and what they make of a table's first rows. */
@Command(name = "show", description = "Shows templates, with what they make of a table's first rows.")
final class ShowCommand implements Callable<Integer> {
    private static final String INDENT = "    ";

    private final PrintStream out;

    @Mixin
    private LibraryOption library;

    @Mixin
    private SelectionOptions selection;

    @Mixin
    private TableOption table;

    ShowCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() throws IOException {
        List<LoadedTemplate> templates = selection.of(library.library());
        Sample sample = table.given() ? table.read() : null;
        for (LoadedTemplate template : templates) {
            out.println(template.dataset() + "/" + template.name() + "  " + template.id());
            template.definition().ifPresent(this::show);
            if (template.error() != null) {
                out.println("error: " + template.error());
            } else if (sample != null) {
                show(template.template().orElseThrow(), sample);
            }
            out.println();
        }
        return 0;
    }

    private void show(Definition definition) {
        out.println("task: " + (definition.task() == null ? "by its name" : definition.task())
                + (definition.originalTask() ? ", the data set's own" : ""));
        out.println("metrics: " + String.join(", ", definition.metrics()));
        out.println("answers: " + ListCommand.answers(definition)
                + (Boolean.TRUE.equals(definition.choicesInPrompt()) ? ", named in the prompt" : ""));
        if (definition.answerChoices() != null) {
            indented(definition.answerChoices());
        }
        out.println("template:");
        indented(definition.jinja());
    }

    private void show(PromptTemplate template, Sample sample) {
        List<String> missing = template.fields().keySet().stream()
                .filter(field -> !sample.columns().contains(field))
                .toList();
        if (!missing.isEmpty()) {
            out.println("the table has no " + String.join(", ", missing) + "; its columns are "
                    + String.join(", ", sample.columns()));
            return;
        }
        for (int row = 0; row < sample.rows().size(); row++) {
            show(template, row, sample.rows().get(row));
        }
    }

    private void show(PromptTemplate template, int row, Map<String, Object> values) {
        try {
            Rendering rendering = template.render(values, RenderCommand.seed(template, row));
            if (rendering instanceof Rendering.Example example) {
                out.println("row " + row + " asks:");
                indented(example.prompt());
                out.println("row " + row + " answers:");
                indented(example.completionTarget());
            } else if (rendering instanceof Rendering.Skipped skipped) {
                out.println("row " + row + " is skipped: " + skipped.reason().text());
            }
        } catch (TemplateException e) {
            out.println("row " + row + " fails in line " + e.line() + ": " + e.reason());
        }
    }

    private void indented(String text) {
        text.lines().forEach(line -> out.println(INDENT + line));
    }
}
