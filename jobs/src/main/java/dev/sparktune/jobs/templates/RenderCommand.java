package dev.sparktune.jobs.templates;

import dev.sparktune.jobs.run.JobFailure;
import dev.sparktune.jobs.run.Redaction;
import dev.sparktune.jobs.templates.JsonRows.JsonRow;
import dev.sparktune.split.KeyHash;
import dev.sparktune.template.PromptTemplate;
import dev.sparktune.template.PromptTemplate.Parts;
import dev.sparktune.template.jinja.TemplateException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Every template over every row, as JSON lines: for programs that compare. */
@Command(
        name = "render",
        description = {
            "Renders rows: for each row and template a line of JSON with row (counted from 0), template, id, parts (what stands"
                    + " between |||), answer_choices and error. An error of one is a line as well, with empty parts."
        })
final class RenderCommand implements Callable<Integer> {
    private static final String STDIN = "-";

    private final PrintStream out;
    private final PrintStream err;

    @Mixin
    private LibraryOption library;

    @Mixin
    private SelectionOptions selection;

    @Option(
            names = "--rows",
            paramLabel = "FILE.jsonl",
            required = true,
            description = "A JSON object per line; - for standard input.")
    private String rows;

    RenderCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    /** Of a template's random draws over a row: the same row and template draw the same. */
    static long seed(PromptTemplate template, long row) {
        return KeyHash.of(template.id(), Long.toString(row));
    }

    @Override
    public Integer call() throws IOException {
        List<LoadedTemplate> templates = selection.of(library.library());
        long written = 0;
        long errors = 0;
        try (InputStream in = open();
                JsonLines lines = new JsonLines(out)) {
            JsonRows from = new JsonRows(in);
            JsonRow row;
            while (!out.checkError() && (row = from.next()) != null) {
                for (LoadedTemplate template : templates) {
                    Map<String, Object> line = line(row, template);
                    lines.write(line);
                    written++;
                    errors += line.get("error") == null ? 0 : 1;
                }
            }
        }
        err.println(String.format("%,d renderings, %,d of them errors", written, errors));
        return 0;
    }

    private InputStream open() throws IOException {
        try {
            return rows.equals(STDIN) ? System.in : Storage.of(rows).open(rows);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new JobFailure("--rows " + Redaction.text(rows) + ": no such file", e);
        }
    }

    private static Map<String, Object> line(JsonRow row, LoadedTemplate template) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("row", row.index());
        line.put("template", template.name());
        line.put("id", template.id());
        Parts parts = new Parts(List.of(), null);
        String error = row.error() != null ? row.error() : template.error();
        if (error == null) {
            PromptTemplate compiled = template.template().orElseThrow();
            try {
                parts = compiled.parts(row.values(), seed(compiled, row.index()));
            } catch (TemplateException e) {
                error = e.getMessage();
            } catch (RuntimeException | StackOverflowError e) {
                error = "not foreseen: " + e; // a fault of ours; the other lines are none the worse
            }
        }
        line.put("parts", parts.parts());
        line.put("answer_choices", parts.answerChoices());
        line.put("error", error);
        return line;
    }
}
