package dev.sparktune.jobs.templates;

import dev.sparktune.template.TemplateLint;
import dev.sparktune.template.TemplateLint.Finding;
import dev.sparktune.template.TemplateLint.Sample;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is wrong with a library, a line each: {@code library:template:line: what}. */
@Command(
        name = "lint",
        description = {
            "Looks for faults: in the templates' text, and in what they make of a table's first rows. Errors are lines"
                    + " DATASET:TEMPLATE:LINE: WHAT on stdout, warnings the same on stderr; exit code 1 when there are errors."
        })
final class LintCommand implements Callable<Integer> {
    private final PrintStream out;
    private final PrintStream err;

    @Spec
    private CommandSpec spec;

    @Mixin
    private LibraryOption library;

    @Option(names = "--dataset", paramLabel = "NAME[/SUBSET]", description = "Only this data set.")
    private String dataset;

    @Mixin
    private TableOption table;

    LintCommand(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        LibraryDirectory directory = library.library();
        if (table.given() && dataset == null) {
            throw new ParameterException(spec.commandLine(), "--table needs --dataset, the data set whose table it is");
        }
        Sample sample = table.given() ? table.read() : null;
        List<String> datasets = dataset == null ? directory.datasets() : List.of(dataset);
        List<Finding> findings = new ArrayList<>();
        for (String name : datasets) {
            findings.addAll(TemplateLint.check(name, directory.yaml(name), sample));
        }
        findings.stream().filter(Finding::error).forEach(out::println);
        findings.stream().filter(finding -> !finding.error()).forEach(finding -> err.println("warning: " + finding));
        long errors = findings.stream().filter(Finding::error).count();
        err.println(String.format(
                Locale.ROOT,
                "%,d errors, %,d warnings in %,d data sets",
                errors,
                findings.size() - errors,
                datasets.size()));
        return errors == 0 ? 0 : 1;
    }
}
