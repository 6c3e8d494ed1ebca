package dev.sparktune.jobs.templates;

import picocli.CommandLine.Option;

/** {@code --library}, which every command has. */
final class LibraryOption {
    @Option(
            names = "--library",
            paramLabel = "DIR",
            defaultValue = "classpath:conf/templates",
            description = {
                "Directory in PromptSource's layout, DATASET[/SUBSET]/templates.yaml: a local path, a URI of Hadoop's or"
                        + " classpath:…; without it sparktune's own."
            })
    private String uri;

    LibraryDirectory library() {
        return new LibraryDirectory(uri);
    }
}
