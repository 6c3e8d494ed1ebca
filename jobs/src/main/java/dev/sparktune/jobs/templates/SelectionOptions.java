package dev.sparktune.jobs.templates;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** {@code --dataset} and {@code --name}: which templates of the library a command is for. */
final class SelectionOptions {
    @Option(
            names = "--dataset",
            paramLabel = "NAME[/SUBSET]",
            required = true,
            description = "Data set of the library.")
    private String dataset;

    @Option(names = "--name", paramLabel = "N", description = "Name or id of a template, repeatable; without it all.")
    private List<String> names = new ArrayList<>();

    List<LoadedTemplate> of(LibraryDirectory library) throws IOException {
        return LoadedTemplate.select(LoadedTemplate.of(library, dataset), names);
    }
}
