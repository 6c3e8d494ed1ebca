package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.PromptTemplate.Definition;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a library holds: a line per template. */
@Command(name = "list", description = "Lists the templates of a library: data set, name, task, answers, metrics.")
final class ListCommand implements Callable<Integer> {
    private static final List<String> TITLES = List.of("data set", "template", "task", "answers", "metrics");

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    private LibraryOption library;

    @Option(names = "--dataset", paramLabel = "NAME[/SUBSET]", description = "Only this data set.")
    private String dataset;

    @Option(names = "--json", description = "A JSON object per line, with all that is known of the template.")
    private boolean json;

    ListCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        LibraryDirectory directory = library.library();
        List<LoadedTemplate> templates = new ArrayList<>();
        List<String> wrong = new ArrayList<>();
        for (String name : dataset == null ? directory.datasets() : List.of(dataset)) {
            try {
                templates.addAll(LoadedTemplate.of(directory, name));
            } catch (JobFailure e) {
                wrong.add(e.getMessage());
            }
        }
        templates.stream()
                .filter(template -> template.error() != null)
                .forEach(template -> wrong.add(template.error()));
        if (json) {
            writeJson(templates);
        } else {
            writeTable(templates);
        }
        wrong.forEach(err::println);
        return wrong.isEmpty() ? 0 : 1;
    }

    private void writeTable(List<LoadedTemplate> templates) {
        List<List<String>> lines = new ArrayList<>(List.of(TITLES));
        templates.forEach(template -> lines.add(line(template)));
        int[] widths = new int[TITLES.size() - 1];
        for (List<String> line : lines) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], line.get(column).length());
            }
        }
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = line.get(column);
                text.append(cell).append(" ".repeat(widths[column] - cell.length() + 2));
            }
            out.println(text.append(line.get(widths.length)));
        }
        long tasks = templates.stream().map(ListCommand::taskOf).distinct().count();
        long datasets =
                templates.stream().map(LoadedTemplate::dataset).distinct().count();
        err.println(count(templates.size(), "template") + " of " + count(tasks, "task") + " in "
                + count(datasets, "data set"));
    }

    private static List<String> line(LoadedTemplate template) {
        return List.of(
                template.dataset(),
                template.name(),
                template.definition().map(PromptTemplate::taskOf).orElse("?"),
                template.error() != null
                        ? "broken"
                        : answers(template.definition().orElseThrow()),
                template.definition()
                        .map(definition -> String.join(", ", definition.metrics()))
                        .orElse("?"));
    }

    private static String taskOf(LoadedTemplate template) {
        return template.dataset() + "/"
                + template.definition().map(PromptTemplate::taskOf).orElse("?");
    }

    /** Whether the question is closed, and by how many choices. */
    static String answers(Definition definition) {
        String choices = definition.answerChoices();
        if (choices == null) {
            return "open";
        }
        return choices.contains("{") ? "closed, by row" : "closed, " + choices.split("\\|\\|\\|", -1).length;
    }

    private static String count(long number, String what) {
        return String.format("%,d %s%s", number, what, number == 1 ? "" : "s");
    }

    private void writeJson(List<LoadedTemplate> templates) throws IOException {
        try (JsonLines lines = new JsonLines(out)) {
            for (LoadedTemplate template : templates) {
                lines.write(json(template));
            }
        }
    }

    private static Map<String, Object> json(LoadedTemplate template) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("dataset", template.dataset());
        line.put("name", template.name());
        line.put("id", template.id());
        line.put("task", template.definition().map(PromptTemplate::taskOf).orElse(null));
        template.definition().ifPresent(definition -> {
            line.put("metrics", definition.metrics());
            line.put("languages", definition.languages());
            line.put("closed", definition.answerChoices() != null);
            line.put("answer_choices", definition.answerChoices());
            line.put("choices_in_prompt", definition.choicesInPrompt());
            line.put("original_task", definition.originalTask());
        });
        line.put(
                "fields",
                template.template().map(t -> List.copyOf(t.fields().keySet())).orElse(null));
        line.put("error", template.error());
        return line;
    }
}
